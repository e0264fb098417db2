"""Whether what a team declares of its network holds: intents of a file or of the configuration, in each unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kubeqed import __version__
from kubeqed.app.check.run import describe_rule
from kubeqed.app.check.shown import count_findings, summarize_units
from kubeqed.app.load import Loaded
from kubeqed.diagnostic import Diagnostic, FailuresNoted, Notice, NoticeKind
from kubeqed.model.intents import Intent
from kubeqed.prove.intents.concerned import choose_units
from kubeqed.prove.intents.judge import IntentJudge
from kubeqed.prove.intents.outcome import IntentsOutcome, IntentVerdict, MissingNamespace, find_missing
from kubeqed.prove.repairs.search import find_repair
from kubeqed.report import CheckResult, Options, format_names, render_answer, renderer
from kubeqed.report.prove.findings import find_diagnostics
from kubeqed.rule.catalogue import find_rules

if TYPE_CHECKING:
    from kubeqed.reach import Assumptions


class ProveResult(NamedTuple):
    """The verdicts, and the same as findings and notices, for formats that hold these."""

    outcome: IntentsOutcome
    report: CheckResult


def prove_intents(
    loaded: Loaded, intents: Sequence[Intent], assumptions: Assumptions, notices: Iterable[Notice] = ()
) -> ProveResult:
    """The verdict on each intent in each unit that it concerns."""
    failures: list[Notice] = list(notices)
    judges = make_judges(loaded, intents, assumptions, failures)
    verdicts: list[IntentVerdict] = []
    for intent in intents:
        with FailuresNoted(failures, "proving an intent"):
            for judge, verdict in judge_intent(intent, judges):
                verdicts.append(verdict._replace(repair=find_repair(judge, verdict)))
    given_up = (one for one in verdicts if one.holds is None)
    failures += [_give_up(one) for one in given_up]
    caveats = tuple(caveat for judge in judges for caveat in judge.limits.caveats)
    outcome = IntentsOutcome(tuple(verdicts), tuple(_find_absent(intents, judges)), caveats)
    return ProveResult(outcome, _make_report(loaded, outcome, failures))


def make_judges(
    loaded: Loaded, intents: Sequence[Intent], assumptions: Assumptions, failures: list[Notice]
) -> list[IntentJudge]:
    """A judge for each unit that holds an object; where that fails, it is noted."""
    judges = []
    for unit in filter(lambda unit: unit.objects, loaded.input.units):
        with FailuresNoted(failures, f"reading the policies of the unit {unit.root}"):
            judges.append(IntentJudge(unit, intents, assumptions))
    return judges


def render(proved: ProveResult, output_format: str, options: Options) -> str:
    """The verdicts in a format of `report/prove/formats`, or what is refuted in one of `check`."""
    if output_format in format_names("prove"):
        return render_answer("prove", output_format, proved.outcome, options)
    return renderer(output_format)(proved.report, options)


def judge_intent(intent: Intent, judges: Sequence[IntentJudge]) -> list[tuple[IntentJudge, IntentVerdict]]:
    """The verdicts of the units that an intent concerns, and of them those that have its pods."""
    concerned = choose_units(intent, [judge.namespaces for judge in judges])
    verdicts = [(judges[number], judges[number].judge(intent)) for number in concerned]
    return [one for one in verdicts if one[1].speaks] or verdicts


def _find_absent(intents: Iterable[Intent], judges: Sequence[IntentJudge]) -> Iterator[MissingNamespace]:
    """The namespaces that intents name and no unit shows."""
    shown = {name for judge in judges for name in judge.namespaces}
    return find_missing(intents, shown, closed=bool(judges) and all(judge.unit.closed for judge in judges))


def _give_up(one: IntentVerdict) -> Notice:
    text = f"the intent {one.intent.name} could not be decided within the budget"
    return Notice(NoticeKind.GAVE_UP, one.intent.place.span, text)


def _make_report(loaded: Loaded, outcome: IntentsOutcome, notices: list[Notice]) -> CheckResult:
    findings: tuple[Diagnostic, ...] = tuple(find_diagnostics(outcome))
    shown = {item.rule for item in findings}
    given_up = sum(one.holds is None for one in outcome.verdicts)
    return CheckResult(
        findings,
        tuple(notices),
        summarize_units(loaded.input),
        count_findings(loaded.input, findings, findings, given_up),
        (),
        {rule.id: describe_rule(rule) for rule in find_rules() if rule.id in shown},
        __version__,
    )
