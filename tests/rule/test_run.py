"""Running rules: each finding once, in order, with a fingerprint; a rule that fails costs only its own findings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mutants import mutants
from tests.worlds import whole

from kubeqed.diagnostic import Certainty, NoticeKind, Severity
from kubeqed.model.cluster import Cluster
from kubeqed.prove.engine import solver
from kubeqed.rule.catalogue import DuplicateRuleError, Rule, find_rules
from kubeqed.rule.run import RunOutcome, run_rules
from kubeqed.rule.select import Choice, choose

HEAD = """
from kubeqed.rule import Certainty, Finding, Meta
META = Meta("summary", Certainty.{certainty}, "0.1", ())
"""
ALL = """
from kubeqed.model.kinds.service import Service
def check(world):
    for service in world.of(Service):
        yield Finding(at=service.at("spec.ports[0].port"), message=f"{service} is here")
"""
FAILS = ALL + "        raise RuntimeError('no' + ' good')\n"
SERVICE = "{{apiVersion: v1, kind: Service, metadata: {{name: {}}}, spec: {{ports: [{{port: 80}}]}}}}\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty package of rules."""
    root = tmp_path / "some_rules"
    root.mkdir()
    (root / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield root
    for name in [name for name in sys.modules if name.split(".")[0] == "some_rules"]:
        del sys.modules[name]


def write(package: Path, name: str, body: str, certainty: str = "LIKELY") -> None:
    path = package / f"{name}.py"
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(f'"""A rule."""\n{HEAD.format(certainty=certainty)}\n{body}')


def outcome(files: dict[str, str], choice: Choice | None = None) -> RunOutcome:
    choice = choice or Choice()
    return run_rules(whole(files), choose(find_rules("some_rules"), choice), Cluster(), choice)


def test_a_rule_that_fails_costs_only_its_own_findings(package: Path) -> None:
    write(package, "service/first_fails", FAILS)
    write(package, "service/second", ALL)
    found = outcome({"x.yaml": SERVICE.format("a") + "---\n" + SERVICE.format("b")})
    assert [item.rule for item in found.diagnostics] == ["first-fails", "second", "second"]
    (notice,) = found.notices
    assert notice.kind is NoticeKind.INTERNAL_ERROR
    assert "first-fails" in notice.text
    assert "RuntimeError at some_rules/service/first_fails.py:" in notice.text
    assert "in check" in notice.details
    assert "no good" not in notice.text + notice.details, "an exception may repeat what a manifest keeps secret"
    assert found.failed == {"first-fails"}


def test_a_failure_is_noted_once_however_many_units_it_happens_in(package: Path) -> None:
    write(package, "service/first_fails", FAILS)
    found = outcome({"a/x.yaml": SERVICE.format("a"), "b/x.yaml": SERVICE.format("a")})
    assert len(found.notices) == 1


def test_rules_are_loaded_only_for_kinds_that_occur(package: Path) -> None:
    write(package, "service/second", ALL)
    write(package, "ingress/broken", "raise SystemError('imported')")
    assert not outcome({"x.yaml": SERVICE.format("a")}).notices
    ingress = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: x}, spec: {rules: [{host: a.b}]}}"
    assert outcome({"x.yaml": ingress}).failed == {"broken"}


def test_an_object_reached_twice_is_reported_once_and_as_the_surest(package: Path) -> None:
    body = ALL.replace(
        "message=", "at_most=Certainty.POSSIBLE if world.unit.root == 'a' else Certainty.LIKELY, message="
    )
    write(package, "service/second", body)
    files = {
        "a/kustomization.yaml": "resources: [../base.yaml]\n",
        "b/kustomization.yaml": "resources: [../base.yaml]\n",
        "base.yaml": SERVICE.format("a"),
    }
    (found,) = outcome(files).diagnostics
    assert (found.units, found.certainty) == (("b", "a"), Certainty.LIKELY)


def test_findings_are_in_source_order_with_fingerprints(package: Path) -> None:
    write(package, "service/second", ALL)
    write(package, "service/another", ALL)
    service = SERVICE.format("a")
    files = {"b.yaml": service, "a.yaml": SERVICE.format("c") + "---\n" + service + "---\n" + service}
    found = outcome(files).diagnostics
    assert [(item.span.file, item.span.line, item.rule) for item in found] == [
        (file, line, rule)
        for file, line in (("a.yaml", 1), ("a.yaml", 3), ("a.yaml", 5), ("b.yaml", 1))
        for rule in ("another", "second")
    ]
    prints = [item.fingerprint for item in found if item.rule == "second"]
    assert prints == [
        "second Service c spec.ports[0].port",
        "second Service a spec.ports[0].port",
        "second Service a spec.ports[0].port #2",
        "second Service a spec.ports[0].port #3",
    ]
    assert len({item.fingerprint for item in found}) == len(found)


def test_what_is_chosen_runs(package: Path) -> None:
    for name in ("service/second", "service/third", "manifest/fourth"):
        write(package, name, ALL)
    files = {"x.yaml": SERVICE.format("a")}

    def ran(choice: Choice) -> list[str]:
        return [item.rule for item in outcome(files, choice).diagnostics]

    assert ran(Choice()) == ["fourth", "second", "third"]
    assert ran(Choice(select=("*ird", "fourth"))) == ["fourth", "third"]
    assert ran(Choice(ignore=("f*",))) == ["second", "third"]
    assert ran(Choice(severity=(("third", None),))) == ["fourth", "second"]
    severities = Choice(severity=(("*", Severity.NOTE), ("third", Severity.ERROR)))
    found = outcome(files, severities).diagnostics
    assert {item.rule: item.severity for item in found} == {
        "fourth": Severity.NOTE,
        "second": Severity.NOTE,
        "third": Severity.ERROR,
    }


def test_one_id_is_one_rule(package: Path) -> None:
    write(package, "service/second", ALL)
    write(package, "ingress/second", ALL)
    with pytest.raises(DuplicateRuleError):
        find_rules("some_rules")


def test_a_question_that_was_given_up_is_counted_and_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver.solve, "__defaults__", (1,))
    files = {
        "x.yaml": """
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {ports: [{name: a, port: '${A}'}, {name: b, port: '${B}'}]}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web},
 spec: {defaultBackend: {service: {name: web, port: {number: '${C}'}}}}}
"""
    }
    choice = Choice(select=("backend-port-missing",))
    found = run_rules(whole(files), choose(find_rules(), choice), Cluster(), choice)
    assert found.gave_up == 1
    assert [notice.kind for notice in found.notices] == [NoticeKind.GAVE_UP]
    assert not found.diagnostics
    monkeypatch.undo()
    again = run_rules(whole(files), choose(find_rules(), choice), Cluster(), choice)
    assert not again.notices
    assert {item.certainty for item in again.diagnostics} == {Certainty.POSSIBLE}


_RULES: tuple[Rule, ...] = find_rules()


@settings(max_examples=40)
@given(mutants(), st.booleans())
def test_no_rule_fails_whatever_stands_in_a_manifest(text: str, closed: bool) -> None:
    found = run_rules(whole({"x.yaml": text}, closed=closed), _RULES, Cluster(), Choice())
    assert [notice.details for notice in found.notices] == []


@pytest.mark.parametrize(
    ("file", "root", "certainty"),
    [
        ("pkg/web.yaml", ".", Certainty.LIKELY),
        ("pkg/testdata/web.yaml", ".", Certainty.POSSIBLE),
        ("pkg/testdata/ok/web.yaml", "pkg", Certainty.POSSIBLE),
        ("pkg/testdata/ok/web.yaml", "pkg/testdata", Certainty.LIKELY),
        ("pkg/mytestdata/web.yaml", ".", Certainty.LIKELY),
        ("pkg/test-data/web.yaml", ".", Certainty.POSSIBLE),
        ("pkg/test_data/web.yaml", ".", Certainty.POSSIBLE),
        ("test/fixtures/web.yaml", ".", Certainty.POSSIBLE),
        ("test/fixtures/web.yaml", "test/fixtures", Certainty.LIKELY),
        ("pkg/test-fixtures/ok/web.yaml", ".", Certainty.POSSIBLE),
        ("light-fixtures/web.yaml", ".", Certainty.LIKELY),
        ("test/web.yaml", ".", Certainty.LIKELY),
        ("e2e/web.yaml", ".", Certainty.LIKELY),
        ("examples/web.yaml", ".", Certainty.LIKELY),
        ("src/test/resources/web.yaml", ".", Certainty.POSSIBLE),
        ("src/test/resources/web.yaml", "src/test", Certainty.LIKELY),
        ("src/tests/web.yaml", ".", Certainty.LIKELY),
        ("tests/generated/web.yaml", ".", Certainty.POSSIBLE),
        ("chart/test/golden/web.yaml", ".", Certainty.POSSIBLE),
        ("test/shop/baseline/web.yaml", ".", Certainty.POSSIBLE),
        ("baseline/web.yaml", ".", Certainty.LIKELY),
        ("generated/web.yaml", ".", Certainty.LIKELY),
        ("cases/invalid/web.yaml", ".", Certainty.POSSIBLE),
        ("hack/invalid-examples/web.yaml", ".", Certainty.POSSIBLE),
        ("hack/find-invalid/web.yaml", ".", Certainty.LIKELY),
        ("docs/snippets/web.yaml", ".", Certainty.POSSIBLE),
        ("docs/snippets/web.yaml", "docs/snippets", Certainty.LIKELY),
        ("demos/slides/web.yaml", ".", Certainty.POSSIBLE),
        ("snippets/web.yaml", ".", Certainty.LIKELY),
        ("docs/web.yaml", ".", Certainty.LIKELY),
    ],
)
def test_what_only_tests_read_is_a_possibility(package: Path, file: str, root: str, certainty: Certainty) -> None:
    write(package, "service/here", ALL)
    choice = Choice()
    (found,) = run_rules(
        whole({file: SERVICE.format("web")}, [root]), choose(find_rules("some_rules"), choice), Cluster(), choice
    ).diagnostics
    assert found.certainty is certainty
    readers = "people" if "snippets" in file or "slides" in file else "tests"
    assert (f"only {readers} read it" in found.message) is (certainty is Certainty.POSSIBLE)


_KYVERNO = "{apiVersion: cli.kyverno.io/v1alpha1, kind: Test, resources: [%s]}"
_CHAINSAW = "{apiVersion: chainsaw.kyverno.io/v1alpha1, kind: Test, spec: {steps: [{try: [{apply: {file: %s}}]}]}}"
_NODE_PORT = "{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: shop}, spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}}"


@pytest.mark.parametrize(
    ("test", "file", "root", "certainty"),
    [
        (_KYVERNO % "web.yaml", "pkg/web.yaml", ".", Certainty.POSSIBLE),
        (_KYVERNO % "./web.yaml", "pkg/web.yaml", ".", Certainty.POSSIBLE),
        (
            "{apiVersion: test.gatekeeper.sh/v1alpha1, kind: Suite, tests: [{cases: [{object: web.yaml}]}]}",
            "pkg/web.yaml",
            ".",
            Certainty.POSSIBLE,
        ),
        (_KYVERNO % "web.yaml", "pkg/web.yaml", "pkg", Certainty.LIKELY),
        (_KYVERNO % "other.yaml", "pkg/web.yaml", ".", Certainty.LIKELY),
        (_KYVERNO % "../web.yaml", "web.yaml", ".", Certainty.LIKELY),  # may be what is applied
        (_KYVERNO.replace("kyverno", "example") % "web.yaml", "pkg/web.yaml", ".", Certainty.LIKELY),
        (_CHAINSAW % "web.yaml", "pkg/web.yaml", ".", Certainty.LIKELY),  # what is wrong in one object the server says
    ],
)
def test_what_a_test_names_beside_itself_only_tests_read(
    package: Path, test: str, file: str, root: str, certainty: Certainty
) -> None:
    write(package, "service/here", ALL)
    choice = Choice()
    files = {file: SERVICE.format("web"), "pkg/a-test.yaml": test}
    (found,) = run_rules(whole(files, [root]), choose(find_rules("some_rules"), choice), Cluster(), choice).diagnostics
    assert found.certainty is certainty


@pytest.mark.parametrize(
    ("test", "certainty"),
    [(_CHAINSAW % "web.yaml", Certainty.POSSIBLE), (_CHAINSAW % "other.yaml", Certainty.LIKELY)],
)
def test_the_files_that_tests_apply_share_no_cluster(test: str, certainty: Certainty) -> None:
    files = {f"{name}/web.yaml": _NODE_PORT % name for name in "ab"} | {f"{name}/a-test.yaml": test for name in "ab"}
    said = run_rules(whole(files, ["."]), _RULES, Cluster(), Choice()).diagnostics
    assert {found.certainty for found in said if found.rule == "node-port-clash"} == {certainty}
