"""Whether anybody uses the DNS names of a StatefulSet's own pods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kubeqed.model.kinds.statefulset import StatefulSet
from kubeqed.parse import Mapping, Sequence, Unknown, Value
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.resolve import Resolver

_POD_NAME = re.compile(r"(?<![\w.-])([\w.-]+?)-(?:\d+|[{$(][^.\s]*)\.([\w-]+)(?![\w-])")


class PodNamesUsed(NamedTuple):
    """A text of the unit names a pod of the StatefulSet through its governing Service: `db-0.db`."""

    statefulset: StatefulSet

    def answer(self, graph: Resolver) -> Answer:
        """Holds when one is found; nothing is proved by finding none, so it fails without facts."""
        name, service = self.statefulset.name, self.statefulset.service_name
        if not isinstance(name, str) or not isinstance(service, str):
            return Answer(Decision(Verdict.FAILS))
        return Answer(HOLDS if (name, service) in _find_used(graph) else Decision(Verdict.FAILS))


@lru_cache(maxsize=2)  # asked for each StatefulSet of a unit
def _find_used(graph: Resolver) -> frozenset[tuple[str, str]]:
    """(StatefulSet, Service) of every pod name in the texts of a unit."""
    texts = (text for item in graph.unit.objects for text in _list_texts(item.identity.root))
    return frozenset((match[1], match[2]) for text in texts if "." in text for match in _POD_NAME.finditer(text))


def _list_texts(node: Value) -> Iterator[str]:
    """The texts of a value tree, placeholders among them."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Unknown):
        yield node.text
    elif isinstance(node, Mapping | Sequence):
        for child in node.values() if isinstance(node, Mapping) else node:
            yield from _list_texts(child)
