"""Pods in classes that no policy tells apart: namespace, labels under the keys that selectors name, named ports.

Exact, and small: 100,000 pods are few thousand classes. The engine and all queries speak of classes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kubeqed.reach.algebra.label_space import Labels
from kubeqed.reach.algebra.ports import EMPTY, PortSet, single_port, union
from kubeqed.reach.algebra.tokens import OTHER, encode
from kubeqed.reach.topology.endpoints import Endpoint, NamedPort


class ClassKey(NamedTuple):
    """What a policy can see of a pod; of one in the host network nothing but its node's address."""

    namespace: str
    labels: Labels
    ports: tuple[NamedPort, ...]
    governed: bool
    addresses: tuple[int, ...]


class PodClass(NamedTuple):
    """Pods that are alike; `endpoints` is empty for an absent pod."""

    key: ClassKey
    endpoints: tuple[Endpoint, ...]

    def resolve(self, names: Iterable[tuple[str | None, str]]) -> PortSet:
        """The ports that (protocol or None, name) pairs mean for these pods."""
        found = EMPTY
        for protocol, name in names:
            for own, typed, number in self.key.ports:
                if own == name and protocol in (None, typed):
                    found = union(found, single_port(typed, number))
        return found


class PolicyVocabulary(NamedTuple):
    """What policies look at: label keys, names of ports, and where blocks that mean pods cut the addresses.

    Each key has the values that selectors tell apart, with the one that stands for those that they treat alike.
    """

    alike: dict[str, dict[str, str]]
    names: frozenset[str]
    cuts: tuple[int, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The label keys that selectors name."""
        return frozenset(self.alike)


def group_alike_values(asked: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """For each value in lists of values the least one that is in the same lists."""
    # `In [a, b]` treats a and b alike, and so does every selector that names both or neither. Such values count as
    # one, which keeps the number of classes small where selectors list hundreds of values.
    inside: dict[str, list[int]] = {}
    for number, values in enumerate(asked):
        for value in set(values):
            inside.setdefault(value, []).append(number)
    least: dict[tuple[int, ...], str] = {}
    return {value: least.setdefault(tuple(numbers), value) for value, numbers in sorted(inside.items())}


def classify(endpoints: Iterable[Endpoint], seen: PolicyVocabulary, added: Sequence[ClassKey] = ()) -> list[PodClass]:
    """The classes, those of one namespace side by side; `added` are those of absent pods."""
    members: dict[ClassKey, list[Endpoint]] = {key: [] for key in added}
    for endpoint in endpoints:
        members.setdefault(_make_key(endpoint, seen), []).append(endpoint)
    return [PodClass(key, tuple(members[key])) for key in sorted(members)]


def key_of_absent_pod(namespace: str, labels: Labels, ports: Iterable[NamedPort], seen: PolicyVocabulary) -> ClassKey:
    """What policies see of an absent pod."""
    return ClassKey(
        namespace, _project_labels(labels, seen), _select_named_ports(ports, seen), governed=True, addresses=()
    )


def _project_labels(labels: Iterable[tuple[str, str]], seen: PolicyVocabulary) -> Labels:
    alike = seen.alike
    return tuple(sorted((key, alike[key].get(value, OTHER)) for key, value in labels if key in alike))


def _select_named_ports(several: Iterable[NamedPort], seen: PolicyVocabulary) -> tuple[NamedPort, ...]:
    return tuple(sorted(port for port in several if port[0] in seen.names))


def _make_key(endpoint: Endpoint, seen: PolicyVocabulary) -> ClassKey:
    """What policies can see of a pod."""
    # Labels that no selector names cannot change an answer, so they are left out: that is what makes classes few.
    labels = ((key, encode(value)) for key, value in endpoint.labels.items() if key in seen.alike)
    return ClassKey(
        endpoint.owner.namespace,
        _project_labels(labels, seen),
        () if endpoint.host_network else _select_named_ports(endpoint.ports, seen),
        not endpoint.host_network,
        _locate_pieces(endpoint.addresses, seen.cuts),
    )


def _locate_pieces(addresses: Iterable[int], cuts: tuple[int, ...]) -> tuple[int, ...]:
    """The first address of each piece that holds one of the addresses, so that pods no block tells apart are alike."""
    return tuple(sorted({cuts[bisect_right(cuts, one) - 1] for one in addresses})) if cuts else ()
