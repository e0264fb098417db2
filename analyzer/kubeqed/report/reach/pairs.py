"""A line for each pair, in the grammar of netpol-analyzer's list, so that its users find their output again."""

from __future__ import annotations

from kubeqed.reach.algebra import ports
from kubeqed.reach.query.answer import ConnectionQuery, ReachResult
from kubeqed.reach.query.pairs import list_pairs
from kubeqed.report.reach.words import CONTROLLER


def render(answer: ReachResult, question: ConnectionQuery) -> str:
    """`ns/name[Kind] => ns/name[Kind] : TCP 80,443`, sorted as byte strings."""
    lines = [
        f"{source} => {target} : {ports.format_ports(found)}"
        for (source, target), found in list_pairs(answer, question, CONTROLLER)
    ]
    return "".join(f"{line}\n" for line in sorted(lines, key=str.encode))
