"""A line for each connection of groups."""

from __future__ import annotations

from kubeqed.reach.algebra import ports
from kubeqed.reach.peer import Group
from kubeqed.reach.query.answer import ConnectionQuery, ReachResult
from kubeqed.report.reach.words import group_text


def render(answer: ReachResult, question: ConnectionQuery) -> str:
    """`sources => destinations : TCP 80,443`."""
    known: dict[int, str] = {}

    def text(group: Group) -> str:
        found = known.get(id(group))
        if found is None:
            found = known[id(group)] = group_text(group)
        return found

    held = answer.connections(question)  # groups stay alive, so that their ids stay theirs
    return "".join(
        f"{text(one.sources)} => {text(one.destinations)} : {ports.format_ports(one.ports)}\n" for one in held
    )
