"""What a rule says of its peers and ports, freed from the object that says it: equal terms are equal tuples.

Values that the manifests leave open take part as tokens that equal nothing but themselves; what was open and could have
changed the answer is collected as caveats.
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.values.known import UNKNOWN, is_known
from kubeqed.parse import Unknown
from kubeqed.reach.algebra.addresses import ALL_V4, Ranges, without_holes
from kubeqed.reach.algebra.ports import ALL, PortSet
from kubeqed.reach.algebra.tokens import encode, is_unknown


class RequirementTerm(NamedTuple):
    """One requirement of a label selector."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def met(self, labels: dict[str, str]) -> bool:
        """Whether labels meet it."""
        value = labels.get(self.key)
        if self.operator == "In":
            return value is not None and value in self.values
        if self.operator == "NotIn":
            return value is None or value not in self.values
        return (value is not None) if self.operator == "Exists" else value is None


Requirements = tuple[RequirementTerm, ...]

EVERYTHING: Requirements = ()


def are_met(requirements: Requirements, labels: dict[str, str]) -> bool:
    """Whether labels meet all of a selector."""
    return all(one.met(labels) for one in requirements)


class PodTerm(NamedTuple):
    """Pods: of the one `namespace`, or of the namespaces that `namespaces` selects, with labels that `pods` selects."""

    namespace: str | None
    namespaces: Requirements
    pods: Requirements


class Spelling(NamedTuple):
    """A label selector as it is written: labels, and expressions with their values in the order of the manifest."""

    labels: tuple[tuple[str, str], ...] = ()
    expressions: tuple[RequirementTerm, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it names labels and nothing else."""
        return not self.expressions

    @property
    def requirements(self) -> Requirements:
        """What it asks, however it is written."""
        labels = (RequirementTerm(key, "In", (value,)) for key, value in self.labels)
        expressions = (one._replace(values=tuple(sorted(set(one.values)))) for one in self.expressions)
        return tuple(sorted({*labels, *expressions}))


class AddressTerm(NamedTuple):
    """Addresses; `pods` says that pods whose address is among them are meant too."""

    ranges: Ranges
    pods: bool

    def holds(self, addresses: tuple[int, ...]) -> bool:
        """Whether a pod with these addresses is meant; one without a known address has some IPv4 address."""
        if not self.pods:
            return False
        if not addresses:
            return not without_holes(ALL_V4, self.ranges)
        return any(low <= address <= high for low, high in self.ranges for address in addresses)


Term = PodTerm | AddressTerm


class PortTerms(NamedTuple):
    """The ports of a rule: those known from the start, and (protocol or None, name) pairs that each pod resolves."""

    fixed: PortSet = ALL
    names: tuple[tuple[str | None, str], ...] = ()


def encode_selector(selector: LabelSelector | None) -> Requirements | Unknown:
    """A selector as sorted requirements; an absent one selects everything, one that cannot be read is unknown."""
    if selector is None:
        return EVERYTHING
    if selector.labels.more is not None or selector.requirements.more is not None:
        return UNKNOWN
    met = [RequirementTerm(key, "In", (encode(value),)) for key, value in selector.labels.entries.items()]
    for one in selector.requirements:
        if not isinstance(one.key, str) or not isinstance(one.operator, str) or one.values.more is not None:
            return UNKNOWN
        if one.operator not in ("In", "NotIn", "Exists", "DoesNotExist"):
            return UNKNOWN
        met.append(RequirementTerm(one.key, one.operator, tuple(sorted({encode(value) for value in one.values}))))
    return tuple(sorted(set(met)))


def names_unknown(selector: Requirements) -> bool:
    """Whether a selector names a value that the manifests leave open."""
    return any(is_unknown(value) for one in selector for value in one.values)


def spell_selector(selector: LabelSelector | None) -> Spelling:
    """How a selector is written; one that cannot be read is spelt as nothing."""
    if selector is None or not is_known(encode_selector(selector)):
        return Spelling()
    labels = sorted((key, encode(value)) for key, value in selector.labels.entries.items())
    expressions = [
        RequirementTerm(one.key, one.operator, tuple(encode(value) for value in one.values))
        for one in selector.requirements
        if isinstance(one.key, str) and isinstance(one.operator, str)
    ]
    return Spelling(tuple(labels), tuple(expressions))
