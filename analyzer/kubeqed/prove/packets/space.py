"""What policies and claims can tell apart: values of labels, namespaces, pieces of addresses, names of ports.

All that nobody names is one: another value, another namespace. So a finite space holds every packet that there can be.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kubeqed.reach.algebra import ALL_V4, ALL_V6, Ranges
from kubeqed.reach.policies import (
    NAME_LABEL,
    AddressTerm,
    CompiledPolicy,
    Requirements,
    Term,
    cut_atoms,
)

Spaces = Mapping[str, Mapping[str, str]]

NEW = 0  # the number of a namespace that nobody names


class PacketSpace(NamedTuple):
    """The values that each label of pods and of namespaces may have, in order, and the other vocabulary.

    `pods_by_address` says that a term means pods by their addresses.
    """

    pod_labels: dict[str, tuple[str, ...]]
    space_labels: dict[str, tuple[str, ...]]
    namespaces: tuple[str, ...]
    pieces: Ranges
    port_names: tuple[str, ...]
    pods_by_address: bool

    def number_of(self, namespace: str) -> int:
        """The number of a namespace that is named."""
        return bisect_left(self.namespaces, namespace) + NEW + 1


class Vocabulary:
    """Collects what a space has to tell apart."""

    def __init__(self) -> None:
        self._pods: dict[str, set[str]] = {}
        self._spaces: dict[str, set[str]] = {}
        self._namespaces: set[str] = set()
        self._ranges: set[Ranges] = set()
        self._names: set[str] = set()
        self._pods_by_address = False

    def add_policies(self, policies: Iterable[CompiledPolicy]) -> None:
        """What policies look at."""
        for policy in policies:
            self.add_term(policy.subject)
            for rule in (*(policy.ingress or ()), *(policy.egress or ())):
                self._names.update(name for _, name in rule.ports.names)
                for term in rule.peers or ():
                    self.add_term(term)

    def add_term(self, term: Term) -> None:
        """What a term looks at."""
        if isinstance(term, AddressTerm):
            self.add_addresses(term.ranges)
            self._pods_by_address |= term.pods
            return
        self._namespaces.update([term.namespace] if term.namespace is not None else [])
        self.add_namespaces(term.namespaces)
        _collect_values(self._pods, term.pods)

    def add_addresses(self, ranges: Ranges) -> None:
        """Addresses that are told from others."""
        self._ranges.add(ranges)

    def add_labels(self, asked: Requirements) -> None:
        """Labels of pods that are told from others."""
        _collect_values(self._pods, asked)

    def add_namespaces(self, asked: Requirements) -> None:
        """Labels of namespaces that are told from others."""
        _collect_values(self._spaces, asked)
        self._namespaces.update(value for one in asked if one.key == NAME_LABEL for value in one.values)

    def add_declared(self, names: Iterable[str]) -> None:
        """The namespaces that manifests declare, or show objects of."""
        self._namespaces.update(names)

    def build(self) -> PacketSpace:
        """The space of all that was added."""
        return PacketSpace(
            {key: tuple(sorted(values)) for key, values in sorted(self._pods.items())},
            {key: tuple(sorted(values)) for key, values in sorted(self._spaces.items()) if key != NAME_LABEL},
            tuple(sorted(self._namespaces)),
            cut_atoms(sorted(self._ranges), (ALL_V4, ALL_V6)),
            tuple(sorted(self._names)),
            self._pods_by_address,
        )


def _collect_values(found: dict[str, set[str]], asked: Requirements) -> None:
    for one in asked:
        found.setdefault(one.key, set()).update(one.values)
