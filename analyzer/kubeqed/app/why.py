"""Why one peer reaches another, or why not: the decision of each unit that holds both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import NamedTuple

from kubeqed.app.question import QuestionError
from kubeqed.diagnostic import Notice, NoticeKind
from kubeqed.model.units.unit import Unit
from kubeqed.reach.algebra.ports import ALL, PortSet, difference
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.decision import PairVerdict, decide_pair
from kubeqed.reach.query.syntax.peers import explain_unknown_peer, parse_peer
from kubeqed.reach.query.target import AmbiguousError, NoWayError
from kubeqed.reach.remedy import PolicyEdit, find_edits
from kubeqed.report.reach.caveats import guess_line, guess_notices, incomplete_lines
from kubeqed.report.units import join_text

FORMATS = ("text", "json")


class PairRequest(NamedTuple):
    """The two peers of a question as typed, and the ports it is about."""

    source: str
    destination: str
    ports: PortSet = ALL


class UnitVerdict(NamedTuple):
    """The decision of one unit, the edits that would change it, and what of it rests on a guess."""

    unit: Unit
    decision: PairVerdict
    edits: tuple[PolicyEdit, ...]
    guesses: tuple[Notice, ...]


def why(answers: list[ReachResult], pair: PairRequest) -> list[UnitVerdict]:
    """The decisions of the units that hold both peers; a QuestionError where there is none."""
    decided = _decided(answers, pair)
    if not decided:
        _refuse(answers, pair)
    return decided


def render(
    decided: list[UnitVerdict], answers: Iterable[ReachResult], output_format: str, notices: Iterable[Notice] = ()
) -> str:
    """The decisions in one of `FORMATS`, and the policies of any unit that met no pod."""
    without = [notice for answer in answers if not answer.unit.workloads for notice in guess_notices(answer)]
    if output_format == "json":
        pairs = [(one.unit, one.decision, one.edits) for one in decided]
        guesses = [notice for one in decided for notice in one.guesses]
        return str(import_module("kubeqed.report.why.json").render(pairs, (*notices, *guesses, *without)))
    text = import_module("kubeqed.report.why.text")
    parts = [
        text.render(one.decision, one.edits)
        + "".join(f"{line}\n" for line in (*incomplete_lines(one.unit), *map(guess_line, one.guesses)))
        for one in decided
    ]
    return "\n".join(parts) + "".join(f"{guess_line(notice)}\n" for notice in without)


def _decided(answers: list[ReachResult], pair: PairRequest) -> list[UnitVerdict]:
    """The decisions of the units that hold both peers; why there is none, where a unit holds them in vain."""
    found: list[UnitVerdict] = []
    vain: list[str] = []
    for answer in answers:
        try:
            one = decide_pair(answer, *pair)
        except NoWayError as error:
            vain.append(str(error))
            continue
        except AmbiguousError as error:
            raise QuestionError(str(error)) from error
        if one is not None:
            found.append(UnitVerdict(answer.unit, one, find_edits(answer, one), tuple(_guesses(answer, pair, one))))
    if vain and not found:
        raise QuestionError(vain[0])
    return found


def _guesses(answer: ReachResult, pair: PairRequest, decided: PairVerdict) -> Iterator[Notice]:
    """What was guessed of the unit, and whether only that denies what was asked about."""
    unit = answer.unit
    without = decide_pair(ReachResult(unit.without_joins(), answer.reach.assumptions), *pair) if unit.joins else None
    effect = "without it, this is allowed" if without and difference(without.allowed, decided.allowed) else ""
    for notice in guess_notices(answer):
        if notice.kind is not NoticeKind.GUESSED_JOIN:
            yield notice
    yield from (Notice(NoticeKind.GUESSED_JOIN, None, join_text(unit, join, effect)) for join in unit.joins)


def _refuse(answers: list[ReachResult], pair: PairRequest) -> None:
    """Nobody has both peers: one of them is not there, or they stand in different units."""
    source, destination, _ = pair
    if not any(not parse_peer(answer, source, "Ingress").empty for answer in answers):
        raise QuestionError(explain_unknown_peer(answers, source, "workload, address or controller"), "SRC")
    if any(not parse_peer(answer, destination, "Egress").empty for answer in answers):
        apart = (
            f"no unit holds both {source!r} and {destination!r}: state the cluster's files under units: in kubeqed.yaml"
        )
        raise QuestionError(apart)
    raise QuestionError(explain_unknown_peer(answers, destination, "workload, Service or address"), "DST")
