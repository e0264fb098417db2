"""Who can send what to whom: the question as typed, asked of each unit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from kubeqed.app.question import QuestionError
from kubeqed.diagnostic import Notice
from kubeqed.reach import (
    NO_POD,
    ConnectionListing,
    ConnectionQuery,
    Direction,
    ReachResult,
    explain_unknown_peer,
    find_peers,
    list_connections,
    parse_peer,
)
from kubeqed.reach.algebra import ALL, PortSet
from kubeqed.report import Options, can_expand, render_answer


class ReachRequest(NamedTuple):
    """A question as typed; the peers are names, None means all."""

    source: str | None = None
    destination: str | None = None
    ports: PortSet = ALL
    namespace: str | None = None
    exposure: bool = False
    expand: bool = False


def reach(
    answers: list[ReachResult],
    asked: ReachRequest,
    output_format: str,
    notices: Iterable[Notice],
    beyond: Collection[str] = (),
) -> str:
    """The answers in one of the formats of `report/reach/formats`; a QuestionError when nothing has a name that was asked for.

    `beyond` are files that no PATH names: what has both ends there is left out, unless a peer is asked for by name.
    """
    questions = [_make_question(answer, asked) for answer in answers]
    if beyond and asked.source is None and asked.destination is None:
        parts = zip(answers, questions, strict=True)
        questions = [question._replace(about=find_peers(answer, beyond)) for answer, question in parts]
    _refuse_unknown(asked, answers, questions)
    in_pairs = asked.expand and can_expand("reach", output_format)
    units = tuple(
        list_connections(answer, question, pairs=in_pairs, exposure=asked.exposure)
        for answer, question in zip(answers, questions, strict=True)
    )
    listing = ConnectionListing(units, tuple(notices), in_pairs, asked.exposure)
    return render_answer("reach", output_format, listing, Options())


def _make_question(answer: ReachResult, asked: ReachRequest) -> ConnectionQuery:
    """The question that is asked of one unit."""
    source, destination = (
        None if text is None else parse_peer(answer, text, direction).group(answer)
        for text, direction in _list_sides(asked)
    )
    return ConnectionQuery(source, destination, asked.ports, asked.namespace)


def _list_sides(asked: ReachRequest) -> tuple[tuple[str | None, Direction], tuple[str | None, Direction]]:
    return (asked.source, "Ingress"), (asked.destination, "Egress")


def _refuse_unknown(asked: ReachRequest, answers: list[ReachResult], questions: list[ConnectionQuery]) -> None:
    """A name that nothing has is a mistake, not an empty answer; so is a pair without a pod."""
    if asked.namespace is not None and not any(answer.reach.index.of_namespace(asked.namespace) for answer in answers):
        raise QuestionError(f"no workload is in namespace {asked.namespace!r}", "--namespace")
    found = [one.sources for one in questions], [one.destinations for one in questions]
    for option, text, groups in zip(("--from", "--to"), (asked.source, asked.destination), found, strict=True):
        if text is not None and not any(group.size for group in groups if group is not None):
            raise QuestionError(explain_unknown_peer(answers, text, "workload, address or controller"), option)
    both = [(one.sources, one.destinations) for one in questions]
    if both and all(
        sources and destinations and not (sources.workloads or destinations.workloads) for sources, destinations in both
    ):
        raise QuestionError(NO_POD)
