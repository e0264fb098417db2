"""Running rules over units: Findings become Diagnostics, each said once, in source order.

A rule that fails is our fault: it costs only its own findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from kubeqed.build.node import SET_BELOW
from kubeqed.diagnostic import (
    Certainty,
    Diagnostic,
    Evidence,
    EvidenceFact,
    EvidenceUnknown,
    FailuresNoted,
    Notice,
    NoticeKind,
    ObjectKey,
    Related,
    Span,
    TextEdit,
)
from kubeqed.model.cluster import Cluster
from kubeqed.model.confidential.values import redact_credentials, redact_path
from kubeqed.model.units.charts import ChartTrial
from kubeqed.model.units.input import Input
from kubeqed.model.units.server_facts import apply_server_facts
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.model.units.unseen import UnseenObject
from kubeqed.parse import Place, dump
from kubeqed.prove.engine.answer import Answer
from kubeqed.prove.engine.formula import Fact
from kubeqed.resolve import Resolver
from kubeqed.rule.broken_build import BROKEN_BUILD
from kubeqed.rule.catalogue import Rule
from kubeqed.rule.certainty import (
    certainty_of,
    depends_on,
    describe_unknown,
    name_unknown,
    soften_test_data,
    soften_where_changed,
)
from kubeqed.rule.documents import judge_builds, judge_documents
from kubeqed.rule.finding import Finding
from kubeqed.rule.reasons import UNREADABLE
from kubeqed.rule.select import Choice
from kubeqed.rule.world import World
from kubeqed.sources import Paths, name_from_root

CancelCheck = Callable[[], None]
"""Called between rules; whoever waits for the answer may raise an exception in it, which ends the run."""


def never_cancel() -> None:
    """Never cancels: the caller waits for the end."""


Soften = Callable[[str, Finding], Finding]


def _as_it_is(_: str, finding: Finding) -> Finding:
    return finding


class RunOutcome(NamedTuple):
    """What the rules found, what went wrong on the way, how many questions were given up, and which rules failed.

    `of_units` are the findings of each unit by itself, of which those that are one mistake are one in `diagnostics`.
    """

    diagnostics: tuple[Diagnostic, ...]
    notices: tuple[Notice, ...]
    gave_up: int
    failed: frozenset[str] = frozenset()
    of_units: tuple[Diagnostic, ...] = ()


def run_rules(
    whole: Input, rules: Sequence[Rule], cluster: Cluster, choice: Choice, cancel_check: CancelCheck = never_cancel
) -> RunOutcome:
    """Runs the rules over every unit of the input; `rules` are those that `choice` lets run."""
    found: list[Diagnostic] = []
    failed: dict[str, Notice] = {}
    notices: list[Notice] = []
    gave_up = 0
    cluster = apply_server_facts(cluster, whole.facts)
    with FailuresNoted(notices, "judging each document by itself"):
        found.extend(_said_of_documents(whole, rules, choice))
    for unit in whole.units or _stand_in(cluster):
        world = World(Resolver(unit, whole, cluster))
        for rule in _list_judging_rules(rules, unit, cluster):
            cancel_check()
            found += _run_one(rule, world, choice, failed)
        gave_up += len(world.gave_up) + len(world.left_open)
        notices += (*_given_up(world), *world.noted)
    if whole.trials:
        from kubeqed.rule.trials import select_new  # with the engine of templates; few inputs hold charts

        tried: list[Diagnostic] = []
        for trial in whole.trials:
            world = World(Resolver(trial.unit, whole, cluster))
            tried += judge_trial(trial, world, rules, choice, failed, cancel_check)
        found += select_new(tried, found)
    diagnostics = sort_findings(merge_units(found), whole.paths)
    return RunOutcome(diagnostics, (*notices, *failed.values()), gave_up, frozenset(failed), tuple(found))


def _stand_in(cluster: Cluster) -> tuple[Unit, ...]:
    """A unit without objects, where there is none and what is stated of the cluster can be wrong by itself."""
    if not cluster.states_addresses:
        return ()
    return (Unit((), UnitOrigin.GUESSED, closed=False, files=(), objects=(), producers=()),)


def _list_judging_rules(rules: Sequence[Rule], unit: Unit, cluster: Cluster | None = None) -> Iterator[Rule]:
    """The rules that judge something in a unit, or of the cluster that it is applied to."""
    kinds = frozenset(item.kind.lower() for item in unit.objects)
    stated = cluster is not None and cluster.states_addresses
    intended = cluster is not None and bool(cluster.intents)
    return (
        rule
        for rule in rules
        if (stated and rule.judges_cluster) or (intended and rule.judges_intents) or rule.judges(kinds, unit.objects)
    )


def judge_trial(
    trial: ChartTrial,
    world: World,
    rules: Sequence[Rule],
    choice: Choice,
    failed: dict[str, Notice],
    cancel_check: CancelCheck = never_cancel,
) -> Iterator[Diagnostic]:
    """What a chart breaks at other values."""
    from kubeqed.rule.trials import find_refused, select_judging, soften_trial

    by_id = {rule.id: rule for rule in rules}
    refused = list(find_refused(trial))
    said = ((by_id[id_], finding) for id_, finding in refused if id_ in by_id)
    yield from (make_diagnostic(rule, finding, trial.unit.root, choice) for rule, finding in said)
    for rule in () if refused else _list_judging_rules(select_judging(trial, rules), trial.unit):
        cancel_check()
        yield from _run_one(rule, world, choice, failed, partial(soften_trial, trial))


def _run_one(
    rule: Rule, world: World, choice: Choice, failed: dict[str, Notice], soften: Soften = _as_it_is
) -> Iterator[Diagnostic]:
    """The rule's findings in one unit; a failure is noted once for each rule, with the first unit it happened in."""
    failures: list[Notice] = []
    with FailuresNoted(failures, f"rule {rule.id} on the unit {world.unit.root}"):
        for finding in _findings_of(rule, world):
            softened = soften_test_data(soften_where_changed(soften(rule.id, finding), world.unit), world.input)
            yield make_diagnostic(rule, softened, world.unit.root, choice)
    for notice in failures:
        failed.setdefault(rule.id, notice)


def _findings_of(rule: Rule, world: World) -> Iterator[Finding]:
    if rule.meta.server:
        from kubeqed.rule.server_findings import findings_of_server  # not for those who run other rules alone

        yield from findings_of_server(world, rule.id)
    if rule.check:
        yield from rule.check(world)


def make_diagnostic(rule: Rule, finding: Finding, unit: str, choice: Choice) -> Diagnostic:
    """A finding of a rule as people see it, but for its fingerprint."""
    certainty = certainty_of(finding, rule.meta)
    return Diagnostic(
        rule=rule.id,
        certainty=certainty,
        severity=choice.severity_of(rule.id, certainty),
        message=redact_credentials(finding.message + depends_on(finding.answer)),
        span=finding.at.span,
        related=tuple(_list_related(finding)),
        suggestion=finding.suggestion and redact_credentials(finding.suggestion),
        units=(unit,) if unit else (),
        object=finding.at.object,
        source=finding.at.source,
        path=redact_path(finding.at.path),
        evidence=None if finding.answer is None else _make_evidence(finding.answer),
        edit=TextEdit(finding.edit[0].span, dump(finding.edit[1])) if finding.edit else None,
    )


def _list_related(finding: Finding) -> Iterator[Related]:
    for place, message in finding.related:
        yield Related(place.span, redact_credentials(message), place.object)
        below = (one for one in place.through if one.text == SET_BELOW)
        yield from (Related(one.place.span, one.text, on_the_way=True) for one in below)
    for through in finding.at.through:
        yield Related(through.place.span, through.text, on_the_way=True)
    anchor = finding.at.anchor_span
    if anchor is not None:
        yield Related(anchor, "the anchor that the alias points at")


def _make_evidence(answer: Answer) -> Evidence:
    witness = tuple(
        (_name_fact(fact), redact_credentials(str(value)))
        for fact, (_, value) in zip(answer.unknowns, answer.witness, strict=True)
        if not isinstance(fact.value, UnseenObject)
    )
    return Evidence(
        answer.verdict.value,
        tuple(
            EvidenceFact(redact_credentials(fact.text), _find_span(fact), _find_object(fact)) for fact in answer.facts
        ),
        tuple(
            EvidenceUnknown(_name_fact(fact), redact_credentials(describe_unknown(fact)), _find_span(fact))
            for fact in answer.unknowns
        ),
        witness or None,
    )


def _name_fact(fact: Fact) -> str:
    return redact_credentials(name_unknown(fact))


def _find_span(fact: Fact) -> Span | None:
    return fact.place.span if isinstance(fact.place, Place) else None


def _find_object(fact: Fact) -> ObjectKey | None:
    return fact.place.object if isinstance(fact.place, Place) else None


def _said_of_documents(whole: Input, rules: Sequence[Rule], choice: Choice) -> Iterator[Diagnostic]:
    """What is said of files, whatever unit they are in, under the rules that stand for it.

    What is no YAML is one mistake with the builds that are refused for it, and names their units.
    """
    by_id = {rule.id: rule for rule in rules}
    said = [(id_, finding, "") for id_, finding in judge_documents(whole) if id_ in by_id]
    unreadable = {finding.at.span: finding for id_, finding, _ in said if id_ == UNREADABLE}
    builds = ((id_, finding, unit.root) for unit in whole.units for id_, finding in judge_builds(unit))
    for id_, finding, unit in (*builds, *said):
        is_same = id_ == BROKEN_BUILD and finding.at.span in unreadable
        rule, one = (UNREADABLE, unreadable[finding.at.span]) if is_same else (id_, finding)
        if rule in by_id:
            yield make_diagnostic(by_id[rule], soften_test_data(one, whole), unit, choice)


def _given_up(world: World) -> Iterator[Notice]:
    for question in world.gave_up:
        text = f"{type(question).__name__} was given up in the unit {world.unit.root}: the budget was spent"
        yield Notice(NoticeKind.GAVE_UP, None, text)
    for what in world.left_open:
        text = f"{what} was given up in the unit {world.unit.root}: there are too many"
        yield Notice(NoticeKind.GAVE_UP, None, text)


def merge_units(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Each finding once, the surest one where several units reach the object or are built of it; it names them all.

    It is suppressed only where it is in all of them; else it names those in which it is not.
    """
    order = list(Certainty)
    alike: dict[object, list[Diagnostic]] = {}
    for item in sorted(found, key=lambda item: order.index(item.certainty)):
        alike.setdefault((item.rule, item.span, item.source or item.object, item.path), []).append(item)
    for group in alike.values():
        yield _merge_alike([item for item in group if item.suppression is None] or group)


def _merge_alike(alike: Sequence[Diagnostic]) -> Diagnostic:
    """One finding for all: the first, with the units of the others and the places that they came through."""
    first = alike[0]
    if len(alike) == 1:
        return first
    on_the_way = (related for item in alike for related in item.related if related.on_the_way)
    return first._replace(
        units=tuple(dict.fromkeys(unit for item in alike for unit in item.units)),
        related=tuple(dict.fromkeys((*first.related, *on_the_way))),
    )


def sort_findings(found: Iterable[Diagnostic], paths: Paths) -> tuple[Diagnostic, ...]:
    """The findings in source order, with fingerprints; neither depends on how PATHs are spelt."""
    name = name_from_root(paths)
    placed = sorted(found, key=lambda item: (name(item.span.file), item.span[1:], item.rule, item.message))
    return tuple(_add_fingerprints(placed, name))


def _add_fingerprints(found: Iterable[Diagnostic], name: Callable[[str], str]) -> Iterator[Diagnostic]:
    seen: Counter[str] = Counter()
    for item in found:
        identity = f"{item.rule} {item.source or item.object or name(item.span.file)} {item.path}"
        seen[identity] += 1
        yield item._replace(fingerprint=identity if seen[identity] == 1 else f"{identity} #{seen[identity]}")
