"""Who can send what to whom: the answer of each unit, and the text of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from importlib import import_module
from typing import NamedTuple

from kubeqed.app.question import QuestionError
from kubeqed.diagnostic import Notice
from kubeqed.reach.algebra.ports import ALL, PortSet
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.query.answer import ConnectionQuery, ReachResult, find_peers
from kubeqed.reach.query.syntax.peers import NO_POD, explain_unknown_peer, parse_peer
from kubeqed.report.reach.caveats import caveat_sentences, find_doubts_asked, guess_notices
from kubeqed.report.reach.drawing import make_drawing
from kubeqed.report.reach.words import few_caveats

FORMATS = ("text", "json", "mermaid", "dot")

_REST = " (what its kustomization does not name)"


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
    """The answers in one of `FORMATS`; a QuestionError when nothing has a name that was asked for.

    `beyond` are files that no PATH names: what has both ends there is left out, unless a peer is asked for by name.
    """
    questions = [_question(answer, asked) for answer in answers]
    if beyond and asked.source is None and asked.destination is None:
        parts = zip(answers, questions, strict=True)
        questions = [question._replace(about=find_peers(answer, beyond)) for answer, question in parts]
    _refuse_unknown(asked, answers, questions)
    return _render(answers, questions, asked, output_format, notices)


def _question(answer: ReachResult, asked: ReachRequest) -> ConnectionQuery:
    """The question that is asked of one unit."""
    source, destination = (
        None if text is None else parse_peer(answer, text, direction).group(answer) for text, direction in _sides(asked)
    )
    return ConnectionQuery(source, destination, asked.ports, asked.namespace)


def _sides(asked: ReachRequest) -> tuple[tuple[str | None, Direction], tuple[str | None, Direction]]:
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


def _render(
    answers: list[ReachResult],
    questions: list[ConnectionQuery],
    asked: ReachRequest,
    output_format: str,
    notices: Iterable[Notice],
) -> str:
    module = import_module(f"kubeqed.report.reach.{'pairs' if _in_pairs(asked, output_format) else output_format}")
    asking = list(zip(answers, questions, strict=True))
    exposures = import_module("kubeqed.report.reach.exposure") if asked.exposure else None
    if output_format == "text":
        texts = [
            module.render(answer, question)
            + (f"\n{exposures.render(answer, question)}" if exposures else "")
            + "".join(f"{line}\n" for line in caveat_sentences(answer, question))
            for answer, question in asking
        ]
        return "".join(_headed(answers, texts))
    connections = [answer.connections(question) for answer, question in asking]
    if output_format != "json":
        said = [line for answer, question in asking for line in caveat_sentences(answer, question)]
        said += few_caveats(remark for answer in answers for remark in answer.remarks)
        drawn = [
            (title, make_drawing(several))
            for title, several in zip(_titles(answers), connections, strict=True)
            if several or len(answers) == 1
        ]
        return str(module.render(drawn, list(dict.fromkeys(said))))
    exposed = (
        [one for answer, question in asking for one in exposures.exposure_json(answer, question)] if exposures else None
    )
    remarks = [remark for answer in answers for remark in answer.remarks]
    parts = [
        module.Part(answer.unit, several, find_doubts_asked(answer, question), answer.depending(question))
        for (answer, question), several in zip(asking, connections, strict=True)
    ]
    guesses = [notice for answer in answers for notice in guess_notices(answer)]
    return str(module.render(parts, (*notices, *guesses), remarks, exposed))


def _in_pairs(asked: ReachRequest, output_format: str) -> bool:
    return asked.expand and output_format == "text"


def _headed(answers: list[ReachResult], texts: list[str]) -> list[str]:
    """The texts that say something, each under its unit's name when there are several units."""
    if len(texts) == 1:
        return texts
    return [f"# {title}\n{text}\n" for title, text in zip(_titles(answers), texts, strict=True) if text]


def _titles(answers: list[ReachResult]) -> list[str]:
    """What each unit is called; a lone one needs no name."""
    if len(answers) == 1:
        return [""]
    twice = Counter(answer.unit.root for answer in answers)
    return [
        f"{answer.unit.root}{_REST if twice[answer.unit.root] > 1 and not answer.unit.stated else ''}"
        for answer in answers
    ]
