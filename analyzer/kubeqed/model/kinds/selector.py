"""Label selectors: a Service's plain map and the `matchLabels` and `matchExpressions` of everything else.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.values.fields import Labels, Listing, read_labels, read_list, read_mapping, read_strings, read_text
from kubeqed.model.values.match import sameness_key
from kubeqed.parse import Unknown, Value


class LabelSelectorRequirement(NamedTuple):
    """One of `matchExpressions`: `operator` is In, NotIn, Exists or DoesNotExist."""

    path: str
    key: str | Unknown | None
    operator: str | Unknown | None
    values: Listing[str | Unknown]


class LabelSelector(NamedTuple):
    """A label selector: all of `labels` and all of `requirements` must hold; with neither it selects everything."""

    path: str
    labels: Labels
    requirements: Listing[LabelSelectorRequirement] = Listing()

    @property
    def is_empty(self) -> bool:
        """Whether it selects everything; False when it may hold more than is seen."""
        written = self.labels.entries or self.requirements.items
        return not written and self.labels.more is None and self.requirements.more is None

    def single_values(self) -> dict[str, tuple[str | Unknown, str]]:
        """The labels that must have one value, by `matchLabels` or by In with a lone value: each value, and its path."""
        found = {key: (value, self.labels.path_of(key)) for key, value in self.labels.entries.items()}
        for one in self.requirements:
            lone = len(one.values) == 1 and one.values.more is None
            if lone and isinstance(one.key, str) and isinstance(one.operator, str) and one.operator == "In":
                found.setdefault(one.key, (one.values.items[0], f"{one.path}.values"))
        return found

    def sameness_key(self) -> object:
        """A key that selectors share which surely ask the same; where they stand is no part of it."""
        return (
            frozenset((key, sameness_key(value)) for key, value in self.labels.entries.items()),
            sameness_key(self.labels.more),
            tuple(map(_requirement_key, self.requirements)),
            sameness_key(self.requirements.more),
        )

    @property
    def is_read(self) -> bool:
        """Whether all that it asks is seen."""
        return (
            self.labels.more is None
            and self.requirements.more is None
            and all(one.values.more is None for one in self.requirements)
        )


def _requirement_key(one: LabelSelectorRequirement) -> object:
    values = tuple(map(sameness_key, one.values))
    return sameness_key(one.key), sameness_key(one.operator), values, sameness_key(one.values.more)


def read_plain_selector(node: Value, key: str, path: str) -> LabelSelector:
    """A map of labels, as in a Service's `spec.selector`."""
    return LabelSelector(path, read_labels(node, key, path))


def read_selector(node: Value, key: str, path: str) -> LabelSelector | None:
    """A LabelSelector field at `path`; None when it is absent, which is not the same as empty."""
    value = read_mapping(node, key)
    if value is None:
        return None
    return LabelSelector(
        path,
        read_labels(value, "matchLabels", f"{path}.matchLabels"),
        read_list(
            value, "matchExpressions", lambda item, index: _read_requirement(item, f"{path}.matchExpressions[{index}]")
        ),
    )


def _read_requirement(node: Value, path: str) -> LabelSelectorRequirement:
    return LabelSelectorRequirement(
        path, read_text(node, "key"), read_text(node, "operator"), read_strings(node, "values")
    )
