"""Whether anybody uses the DNS names of a StatefulSet's own pods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.graph import Graph
from kubeqed.model.statefulset import StatefulSet
from kubeqed.parse import Mapping, Sequence, Unknown, Value
from kubeqed.prove.answer import HOLDS, Answer, Decision, Verdict


class PodNamesUsed(NamedTuple):
    """A text of the unit names a pod of the StatefulSet through its governing Service: `db-0.db`."""

    statefulset: StatefulSet

    def answer(self, graph: Graph) -> Answer:
        """Holds when one is found; nothing is proved by finding none, so it fails without facts."""
        name, service = self.statefulset.name, self.statefulset.service_name
        if not isinstance(name, str) or not isinstance(service, str):
            return Answer(Decision(Verdict.FAILS))
        used = re.compile(rf"(?<![\w.-]){re.escape(name)}-(\d+|[{{$(][^.\s]*)\.{re.escape(service)}(?![\w-])")
        texts = (text for item in graph.unit.objects for text in _texts(item.identity.root))
        return Answer(HOLDS if any(used.search(text) for text in texts) else Decision(Verdict.FAILS))


def _texts(node: Value) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Unknown):
        yield node.text
    elif isinstance(node, Mapping | Sequence):
        for child in node.values() if isinstance(node, Mapping) else node:
            yield from _texts(child)
