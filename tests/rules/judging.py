"""Runs rules over an example manifest, as a file of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tests.expect import differences, expectations, statements

from kubeqed.app.building import Builder, ChartTries
from kubeqed.app.check.suppressing import suppress_findings
from kubeqed.app.load import read_manifest
from kubeqed.config import default_settings, did_you_mean, load
from kubeqed.diagnostic import Diagnostic
from kubeqed.model.units.division import divide
from kubeqed.parse import parse
from kubeqed.rule.catalogue import Rule
from kubeqed.rule.catalogue import find_rules as all_rules
from kubeqed.rule.run import run_rules
from kubeqed.rule.select import Choice
from kubeqed.rule.suppress.run_facts import JudgedRun
from kubeqed.sources import Collected, Paths, Root, SourceFile
from kubeqed.sources.tree import FileType

FILE = "example.yaml"
KUSTOMIZATION = "kustomization.yaml"
CHART = "Chart.yaml"
CONFIGURATION = "kubeqed.yaml"
NOTHING_COLLECTED = Collected((), (), Paths(), (), ())


class ExampleFiles:
    """A tree that holds nothing but the files of an example: a kustomization, or a chart."""

    root = "."
    may_ignore = False

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def entries(self, directory: str) -> Mapping[str, FileType]:
        below = [name.removeprefix(f"{directory}/") for name in self._files if _is_in(name, directory)]
        return {name.partition("/")[0]: FileType.DIRECTORY if "/" in name else FileType.FILE for name in below}

    def resolve(self, link: str) -> str:
        return link

    def read(self, path: str, most: int, *, follow: bool = True) -> bytes:
        if path not in self._files:
            raise FileNotFoundError(path)
        return self._files[path].encode()

    def is_directory(self, path: str) -> bool:
        return path in ("", ".") or any(name.startswith(f"{path}/") for name in self._files)

    def is_file(self, path: str) -> bool:
        return path in self._files


def _is_in(name: str, directory: str) -> bool:
    return directory in ("", ".") or name.startswith(f"{directory}/")


def files_of(text: str) -> dict[str, str]:
    """The files that an example is: one, or the parts of a chart, each below `# file: NAME`; a kubeqed.yaml states its cluster."""
    first, *others = re.split(r"^# file: (\S+)\n", text, flags=re.MULTILINE)
    if "\nkind: Kustomization\n" in first:
        return {KUSTOMIZATION: first}
    more = dict(zip(others[::2], others[1::2], strict=True))
    return {CHART if first.startswith("apiVersion: v2") else FILE: first} | more


KNOWN = [rule.id for rule in all_rules()]


def findings(text: str, rules: Sequence[Rule]) -> tuple[Diagnostic, ...]:
    """What the rules find in an example; an AssertionError when one of them fails."""
    stated = statements([text])
    files = files_of(text)
    configuration = files.pop(CONFIGURATION, stated.configuration)
    settings = load(SourceFile(CONFIGURATION, configuration.encode())) if configuration else default_settings()
    file = next(iter(files))
    parsed = parse(SourceFile(file, files[file].encode()))
    builder = Builder(lambda _: ExampleFiles(files), NOTHING_COLLECTED, {file: parsed}, tries=ChartTries(switches=True))
    charts = ["."] if file == CHART else []
    whole = divide(
        [read_manifest(parsed)], Paths(roots=[Root(file, False)]), closed=stated.closed, build=builder, charts=charts
    )
    outcome = run_rules(whole, rules, settings.cluster, Choice())
    assert not outcome.notices, outcome.notices[0].details
    judged = JudgedRun(whole, [parsed], KNOWN, rules, Choice(), lambda rule: did_you_mean(rule, KNOWN))
    return tuple(item for item in suppress_findings(outcome, judged, settings, None) if item.suppression is None)


def faults(rule: Rule, rules: Sequence[Rule]) -> list[str]:
    """Where the examples of `rule` are not met when `rules` run: that rule alone, or a mutant of it."""
    valid, invalid = rule.examples
    wrong = []
    for text in (*valid, *invalid):
        expected = [one for file, part in files_of(text).items() for one in expectations(file, part)]
        wrong += differences(expected, findings(text, rules))
        if bool(expected) != (text in invalid) and not any(item.certainty == "possible" for item in expected):
            wrong.append("a valid example expects a finding, or an invalid one none")
    return wrong
