"""Why one peer reaches another, or why not: the decision of each unit that holds both."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import NamedTuple

from kubeqed.app.question import QuestionError
from kubeqed.diagnostic import Notice
from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.decision import Decision, decision
from kubeqed.graph.reach.peer_syntax import parse_peer, unknown_peer
from kubeqed.graph.reach.ports import ALL, PortSet
from kubeqed.graph.reach.through import AmbiguousError, NoWayError
from kubeqed.model.unit import Unit
from kubeqed.report.reach.caveats import incomplete_lines

FORMATS = ("text", "json")


class Pair(NamedTuple):
    """The two peers of a question as typed, and the ports it is about."""

    source: str
    destination: str
    ports: PortSet = ALL


def why(answers: list[Answer], pair: Pair) -> list[tuple[Unit, Decision]]:
    """The decisions of the units that hold both peers; a QuestionError where there is none."""
    decided = _decided(answers, pair)
    if not decided:
        _refuse(answers, pair)
    return decided


def render(decided: list[tuple[Unit, Decision]], output_format: str, notices: Iterable[Notice]) -> str:
    """The decisions in one of `FORMATS`."""
    if output_format == "json":
        return str(import_module("kubeqed.report.reach.why.json").render(decided, notices))
    text = import_module("kubeqed.report.reach.why.text")
    return "\n".join(
        text.render(one) + "".join(f"{line}\n" for line in incomplete_lines(unit)) for unit, one in decided
    )


def _decided(answers: list[Answer], pair: Pair) -> list[tuple[Unit, Decision]]:
    """The decisions of the units that hold both peers; why there is none, where a unit holds them in vain."""
    found: list[tuple[Unit, Decision]] = []
    vain: list[str] = []
    for answer in answers:
        try:
            one = decision(answer, *pair)
        except NoWayError as error:
            vain.append(str(error))
            continue
        except AmbiguousError as error:
            raise QuestionError(str(error)) from error
        if one is not None:
            found.append((answer.unit, one))
    if vain and not found:
        raise QuestionError(vain[0])
    return found


def _refuse(answers: list[Answer], pair: Pair) -> None:
    """Nobody has both peers: one of them is not there, or they stand in different units."""
    source, destination, _ = pair
    if not any(not parse_peer(answer, source, "Ingress").empty for answer in answers):
        raise QuestionError(unknown_peer(answers, source, "workload, address or controller"), "SRC")
    if any(not parse_peer(answer, destination, "Egress").empty for answer in answers):
        apart = (
            f"no unit holds both {source!r} and {destination!r}: state the cluster's files under units: in kubeqed.yaml"
        )
        raise QuestionError(apart)
    raise QuestionError(unknown_peer(answers, destination, "workload, Service or address"), "DST")
