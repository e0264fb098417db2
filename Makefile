# `make demo` shows what kubeqed finds; `make test` is what CI runs first. Both need Python 3.11+ and make, no more.
# `make surfaces` is what CI runs then: what needs other programs, too. The first thing it does is to name the missing.

PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test install compile format format-check lint types contracts pytest coverage docs new-rule docs-check self-check surfaces every-field every-verdict programs clean

help:
	@echo "make demo      install into $(VENV), then check fixtures/worlds"
	@echo "make test      format, lint, types, contracts, tests, generated pages, kubeqed on its own fixtures"
	@echo "make coverage  the tests once more, with branch coverage, of which 90 % is the least"
	@echo "make surfaces  hooks, action, problem matchers, SARIF and builds with the programs that people meet them in"
	@echo "make every-field  every field with placeholders and mistakes, through every command"
	@echo "make every-verdict  verdicts on intents against every kind of packet of small clusters"
	@echo "make format    format and fix what ruff can fix"
	@echo "make docs      write the generated pages anew"
	@echo "make new-rule ID=some-rule-id KIND=service  write the module of a new rule, with examples to fill in"

# Findings are what the demo is there to show, so exit status 1 is its success; anything else is not.
demo: $(VENV)/.runtime compile
	@echo '$$ kubeqed check fixtures/worlds'
	@$(BIN)/kubeqed check fixtures/worlds; status=$$?; \
	if [ $$status -ne 1 ]; then echo "demo: expected findings (exit status 1), got status $$status" >&2; exit 1; fi

# What is soon said comes first; then types and contracts are checked beside the tests, whose last part leaves a core idle.
test: format-check lint
	@$(MAKE) --no-print-directory -j 2 types contracts docs-check self-check pytest

# --- installation, redone only when what is installed has changed --------------------------------------------------

install: $(VENV)/.dev compile

# Bytecode of our own sources, so that start-up is an installed one's even where Python may not write it by itself.
compile: $(VENV)/.python
	@$(BIN)/python -m compileall -q analyzer rules

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "kubeqed needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(VENV)/.runtime $@

# --- the checks, one by one ----------------------------------------------------------------------------------------

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

format-check: $(VENV)/.dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.dev
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

pytest: $(VENV)/.dev compile
	$(BIN)/python -m pytest -n $(JOBS)

# Measuring doubles the time of the tests, which all of CI does not have beside every field.
coverage: $(VENV)/.dev compile
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(JOBS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

docs: $(VENV)/.dev
	$(BIN)/kubeqed rules --format markdown > rules/README.md

new-rule: $(VENV)/.dev
	@$(BIN)/python -m data.new_rule "$(ID)" "$(KIND)"

docs-check: $(VENV)/.dev
	@$(BIN)/kubeqed rules --format markdown | diff -u rules/README.md - \
	|| { echo "rules/README.md is out of date: make docs" >&2; exit 1; }

self-check: $(VENV)/.dev
	$(BIN)/kubeqed check fixtures/clean

# --- where people meet it: with node, npm, go and what they install into .surfaces ---------------------------------

EVERY_FIELD := tests/surfaces/check_every_field.py
EVERY_VERDICT := tests/surfaces/check_every_verdict.py
CHECK = $(BIN)/python -m pytest -n $(JOBS) -o python_files='check_*.py'
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
KUSTOMIZE := sigs.k8s.io/kustomize/kustomize/v5@v5.8.2
HELM := helm.sh/helm/v3/cmd/helm@v3.22.0
# How many random kustomizations and charts are built by both, and which.
EXAMPLES ?= 200
SEED ?= 0
# How many verdicts on intents are held against every kind of packet.
VERDICTS ?= 10000

surfaces: programs $(VENV)/.surfaces .surfaces/.npm .surfaces/.go compile
	EXAMPLES=$(EXAMPLES) SEED=$(SEED) $(CHECK) --dist loadfile tests/surfaces --ignore $(EVERY_FIELD) --ignore $(EVERY_VERDICT)
	$(CHECK) $(EVERY_FIELD)
	VERDICTS=$(VERDICTS) SEED=$(SEED) $(CHECK) $(EVERY_VERDICT)

# Claims about small clusters against every kind of packet; `make test` tries a sample.
every-verdict: $(VENV)/.dev compile
	VERDICTS=$(VERDICTS) SEED=$(SEED) $(CHECK) $(EVERY_VERDICT)

# Every field with placeholders and mistakes; `make test` tries a sample.
every-field: $(VENV)/.dev compile
	$(CHECK) $(EVERY_FIELD)

programs:
	@missing=0; for program in bash git node npm go; do \
	command -v $$program >/dev/null || { echo "surfaces: $$program is missing" >&2; missing=1; }; \
	done; exit $$missing

$(VENV)/.surfaces: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,surfaces]'
	@touch $@

.surfaces/.npm: tests/surfaces/package.json | programs
	@mkdir -p .surfaces && cp $< .surfaces/
	npm install --prefix .surfaces --no-package-lock --no-audit --no-fund --loglevel error
	@touch $@

.surfaces/.go: Makefile $(wildcard tests/surfaces/envsubst/*) | programs
	GOBIN=$(CURDIR)/.surfaces/bin go install $(ACTIONLINT)
	GOBIN=$(CURDIR)/.surfaces/bin go install $(KUSTOMIZE)
	GOBIN=$(CURDIR)/.surfaces/bin go install $(HELM)
	cd tests/surfaces/envsubst && GOBIN=$(CURDIR)/.surfaces/bin go install .
	@touch $@

clean:
	rm -rf $(VENV) .surfaces build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
