"""Who can send what to whom: the answer of each unit, and the text of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from typing import NamedTuple

from kubeqed.app.question import QuestionError
from kubeqed.diagnostic import Notice
from kubeqed.graph.reach.answer import Answer, Question
from kubeqed.graph.reach.ports import ALL, PortSet
from kubeqed.graph.reach.spoken import nearest, side
from kubeqed.report.reach.caveats import caveats, doubts

FORMATS = ("text", "json", "mermaid", "dot")

_REST = " (what its kustomization does not name)"


class Asked(NamedTuple):
    """A question as typed; the peers are names, None means all."""

    source: str | None = None
    destination: str | None = None
    ports: PortSet = ALL
    namespace: str | None = None
    exposure: bool = False
    expand: bool = False


def reach(answers: list[Answer], asked: Asked, output_format: str, notices: Iterable[Notice]) -> str:
    """The answers in one of `FORMATS`; a QuestionError when a name means nobody."""
    questions = [_question(answer, asked) for answer in answers]
    _refuse_nobody(asked, answers)
    return _render(answers, questions, asked, output_format, notices)


def _question(answer: Answer, asked: Asked) -> Question:
    """The question that is asked of one unit."""
    question = Question(ports=asked.ports, namespace=asked.namespace)
    if asked.source is not None:
        found = side(answer, asked.source, "Ingress")
        question = question._replace(sources=found.workloads, source_bits=found.bits, controller=found.controller)
    if asked.destination is not None:
        found = side(answer, asked.destination, "Egress")
        question = question._replace(destinations=found.workloads, destination_bits=found.bits)
    return question


def _refuse_nobody(asked: Asked, answers: list[Answer]) -> None:
    """A name that means nobody is a mistake, not an empty answer."""
    if asked.namespace is not None and not any(answer.reach.index.of_namespace(asked.namespace) for answer in answers):
        raise QuestionError(f"no workload is in namespace {asked.namespace!r}", "--namespace")
    for option, text, direction in (("--from", asked.source, "Ingress"), ("--to", asked.destination, "Egress")):
        if text is not None and all(side(answer, text, direction).empty for answer in answers):  # type: ignore[arg-type]  # literals
            near = nearest(answers, text)
            raise QuestionError(f"no workload, address or controller is called {text!r}{near}", option)


def _render(
    answers: list[Answer], questions: list[Question], asked: Asked, output_format: str, notices: Iterable[Notice]
) -> str:
    module = import_module(f"kubeqed.report.reach.{'pairs' if _in_pairs(asked, output_format) else output_format}")
    asking = list(zip(answers, questions, strict=True))
    exposures = import_module("kubeqed.report.reach.exposure") if asked.exposure else None
    if output_format == "text":
        texts = [
            module.render(answer, question)
            + (f"\n{exposures.render(answer, question)}" if exposures else "")
            + "".join(f"{line}\n" for line in caveats(answer, question))
            for answer, question in asking
        ]
        return "".join(_headed(answers, texts))
    connections = [answer.connections(question) for answer, question in asking]
    if output_format != "json":
        said = [line for answer, question in asking for line in caveats(answer, question)]
        return str(module.render([one for several in connections for one in several], list(dict.fromkeys(said))))
    exposed = [one for answer, question in asking for one in exposures.values(answer, question)] if exposures else None
    remarks = [remark for answer in answers for remark in answer.remarks()]
    parts = [
        module.Part(answer.unit, several, doubts(answer, question))
        for (answer, question), several in zip(asking, connections, strict=True)
    ]
    return str(module.render(parts, notices, remarks, exposed))


def _in_pairs(asked: Asked, output_format: str) -> bool:
    return asked.expand and output_format == "text"


def _headed(answers: list[Answer], texts: list[str]) -> list[str]:
    """The texts that say something, each under its unit's name when there are several units."""
    if len(texts) == 1:
        return texts
    twice = Counter(answer.unit.root for answer in answers)
    return [
        f"# {answer.unit.root}{_REST if twice[answer.unit.root] > 1 and not answer.unit.stated else ''}\n{text}\n"
        for answer, text in zip(answers, texts, strict=True)
        if text
    ]
