"""Why one peer reaches another, or why not: the decision of each unit that holds both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubeqed.app.question import QuestionError
from kubeqed.diagnostic import Notice
from kubeqed.reach import ReachResult, explain_unknown_peer, find_guesses, parse_peer
from kubeqed.reach.algebra import ALL, PortSet
from kubeqed.reach.verdicts import AmbiguousError, NoWayError, PairAnswers, UnitVerdict, judge_pair
from kubeqed.report import Options, render_answer


class PairRequest(NamedTuple):
    """The two peers of a question as typed, and the ports it is about."""

    source: str
    destination: str
    ports: PortSet = ALL


def why(answers: list[ReachResult], pair: PairRequest, notices: Iterable[Notice] = ()) -> PairAnswers:
    """The verdicts of the units that hold both peers; a QuestionError where there is none."""
    verdicts = _judge_units(answers, pair)
    if not verdicts:
        _refuse_pair(answers, pair)
    bare = tuple(find_guesses(answer) for answer in answers if not answer.unit.workloads)
    return PairAnswers(tuple(verdicts), tuple(notices), bare)


def render(found: PairAnswers, output_format: str) -> str:
    """The verdicts in one of the formats of `report/why/formats`."""
    return render_answer("why", output_format, found, Options())


def _judge_units(answers: list[ReachResult], pair: PairRequest) -> list[UnitVerdict]:
    """The verdicts of the units that hold both peers; why there is none, where a unit holds them in vain."""
    found: list[UnitVerdict] = []
    vain: list[str] = []
    for answer in answers:
        try:
            one = judge_pair(answer, *pair)
        except NoWayError as error:
            vain.append(str(error))
        except AmbiguousError as error:
            raise QuestionError(str(error)) from error
        else:
            found += [one] if one is not None else []
    if vain and not found:
        raise QuestionError(vain[0])
    return found


def _refuse_pair(answers: list[ReachResult], pair: PairRequest) -> None:
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
