"""What a chart breaks at other values: the findings that its default values do not show.

Who installs a chart turns on what he needs, so that a fault behind one documented switch is a likely one, and so is one at values
that the chart's own tests take. What the chart asks for then, with `fail` or `required`, is a possible finding, and so is a template
error behind a switch. Nothing else is judged then, for nothing is installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kubeqed.build.helm.value_set import ValueSet, ValueSetOrigin
from kubeqed.diagnostic import Certainty, Diagnostic
from kubeqed.model.units.charts import ChartTrial
from kubeqed.prove.charts.properties import ChartProperty
from kubeqed.rule.broken_build import BROKEN_CHART
from kubeqed.rule.catalogue import Rule
from kubeqed.rule.certainty import choose_milder
from kubeqed.rule.documents import judge_builds
from kubeqed.rule.finding import Finding

_ALTERNATIVES = ("object-defined-twice",)
_FROM_SUREST = list(Certainty)
_SEARCHED = (ValueSetOrigin.FOUND, ValueSetOrigin.MADE_UP)
# What a template says of `.Values.x` and its like where the dot is an item of a loop, so that nothing is below `.Values`.
_OF_SCOPE = re.compile(
    r"at <\.(?:Values|Chart|Release|Capabilities|Template|Files)\.(\w+)[^>]*>: nil pointer evaluating interface \{\}\.\1\b"
    r"|can't evaluate field (?:Values|Chart|Release|Capabilities|Template|Files) in type"
)
RULE_OF_PROPERTY = {
    ChartProperty.BACKEND: "backend-service-missing",
    ChartProperty.BACKEND_PORT: "backend-port-missing",
    ChartProperty.GOVERNING: "governing-service-missing",
    ChartProperty.HEADLESS: "governing-service-not-headless",
    ChartProperty.SELECTED: "service-selects-nothing",
    ChartProperty.TARGET_PORT: "target-port-name-missing",
    ChartProperty.ISOLATED: "policy-selects-nothing",
}
"""The rule that judges the same of rendered objects."""


def find_refused(trial: ChartTrial) -> Iterator[tuple[str, Finding]]:
    """What Helm, or the chart itself, refuses at these values, each with the id of its rule."""
    if trial.at.origin in _SEARCHED:
        yield from _find_wrong_scope(trial)
        return
    at_most = Certainty.LIKELY if trial.at.origin is ValueSetOrigin.CI else Certainty.POSSIBLE
    yield from ((rule, _soften_finding(finding, trial, at_most)) for rule, finding in judge_builds(trial.unit))
    for one in trial.asks:
        message = f"the chart asks for a value here: {one.reason}"
        yield BROKEN_CHART, _soften_finding(Finding(one.place, message), trial, Certainty.POSSIBLE)


def _find_wrong_scope(trial: ChartTrial) -> Iterator[tuple[str, Finding]]:
    """What is refused whatever stands in the values: the templates look for the chart's own objects in an item of a loop."""
    for rule, finding in judge_builds(trial.unit):
        if _OF_SCOPE.search(finding.message):
            yield rule, _soften_finding(finding, trial, Certainty.POSSIBLE)


def select_judging(trial: ChartTrial, rules: Sequence[Rule]) -> Sequence[Rule]:
    """The rules that judge a trial: values that a search found break what it looked for, and may be odd ones else."""
    if trial.at.origin not in _SEARCHED:
        return rules
    if trial.unit.builds[0].refusals or trial.asks or trial.at.origin is ValueSetOrigin.MADE_UP:
        return ()
    return [rule for rule in rules if rule.id in RULE_OF_PROPERTY.values()]


def soften_trial(trial: ChartTrial, rule: str, finding: Finding) -> Finding:
    """A finding as one of these values alone, which it names.

    Two objects of one name, and what an archive holds or lacks, are possible mistakes: one alternative is turned on beside another,
    and what a chart of another author needs stands in its documentation.
    """
    places = (finding.at, *(place for place, _ in finding.related))
    is_found = trial.at.origin in _SEARCHED
    is_sure = not is_found and rule not in _ALTERNATIVES and not any(place.file.endswith(".tgz") for place in places)
    return _soften_finding(finding, trial, Certainty.LIKELY if is_sure else Certainty.POSSIBLE)


def _soften_finding(finding: Finding, trial: ChartTrial, at_most: Certainty) -> Finding:
    """A finding with the values, and where they or their default stand."""
    stated = ((trial.at.place, _describe_place(trial.at)),)
    return finding._replace(
        message=f"{finding.message}, with {trial.at.name}",
        at_most=at_most if finding.at_most is None else choose_milder(finding.at_most, at_most),
        related=(*finding.related, *((place, text) for place, text in stated if place is not None)),
    )


def _describe_place(at: ValueSet) -> str:
    """What stands at the place of values."""
    if at.origin is ValueSetOrigin.CI:
        return f"the values of {at.name}"
    if at.origin in _SEARCHED:
        return "the default of the first of these values"
    name, _, value = at.name.rpartition("=")
    return f"{name} is {'false' if value == 'true' else 'true'} by default"


def select_new(tried: Iterable[Diagnostic], found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Those findings of trials that are not found without them, or less surely."""
    known: dict[object, int] = {}
    for item in found:
        known[_identify_fault(item)] = min(_rank_certainty(item), known.get(_identify_fault(item), len(_FROM_SUREST)))
    return (item for item in tried if _rank_certainty(item) < known.get(_identify_fault(item), len(_FROM_SUREST)))


def _identify_fault(item: Diagnostic) -> object:
    """What findings of one fault have in common."""
    return item.rule, item.span, item.source or item.object, item.path


def _rank_certainty(item: Diagnostic) -> int:
    """How sure a finding is, from 0."""
    return _FROM_SUREST.index(item.certainty)
