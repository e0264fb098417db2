"""Runs rules over an example manifest, as a file of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.expect import differences, expectations, statements

from kubeqed.app.building import Builder
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
NOTHING_COLLECTED = Collected((), (), Paths(), (), ())


class OneFile:
    """A tree that holds nothing but one kustomization, or the description of a chart."""

    root = "."
    may_ignore = False

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text

    def entries(self, directory: str) -> Mapping[str, FileType]:
        return {self._name: FileType.FILE}

    def resolve(self, link: str) -> str:
        return link

    def read(self, path: str, most: int, *, follow: bool = True) -> bytes:
        if path != self._name:
            raise FileNotFoundError(path)
        return self._text.encode()

    def is_directory(self, path: str) -> bool:
        return path == "."

    def is_file(self, path: str) -> bool:
        return path == self._name


def file_of(text: str) -> str:
    """The name of the file that an example is."""
    if "\nkind: Kustomization\n" in text:
        return KUSTOMIZATION
    return CHART if text.startswith("apiVersion: v2") else FILE


KNOWN = [rule.id for rule in all_rules()]


def findings(text: str, rules: Sequence[Rule]) -> tuple[Diagnostic, ...]:
    """What the rules find in an example; an AssertionError when one of them fails."""
    stated = statements([text])
    configuration = stated.configuration
    settings = load(SourceFile("kubeqed.yaml", configuration.encode())) if configuration else default_settings()
    file = file_of(text)
    parsed = parse(SourceFile(file, text.encode()))
    builder = Builder(lambda _: OneFile(file, text), NOTHING_COLLECTED, {file: parsed})
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
        expected = list(expectations(file_of(text), text))
        wrong += differences(expected, findings(text, rules))
        if bool(expected) != (text in invalid) and not any(item.certainty == "possible" for item in expected):
            wrong.append("a valid example expects a finding, or an invalid one none")
    return wrong
