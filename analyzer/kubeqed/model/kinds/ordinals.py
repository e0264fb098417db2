"""The pods that a controller numbers, each with labels of its own: those of a StatefulSet and of an Indexed Job.

https://kubernetes.io/docs/reference/labels-annotations-taints/#statefulset-kubernetes-io-pod-name
https://kubernetes.io/docs/reference/labels-annotations-taints/#apps-kubernetes-io-pod-index
https://kubernetes.io/docs/reference/labels-annotations-taints/#batch-kubernetes-io-job-completion-index
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.parse import Concat, Unknown

_LONGEST = 10  # digits of a pod's number; more are no number of a pod


class Ordinals(NamedTuple):
    """The numbers of a workload's pods: `first` and those after it, `at_least` to `at_most` of them.

    `at_most` is None when nothing bounds it. `prefixes` are the labels that end with the pod's number, each with what
    stands before the number. `path` is the field that says how many pods there are, `first_path` that of the first.
    """

    first: int | Unknown
    at_least: int
    at_most: int | None
    prefixes: dict[str, str | Unknown]
    path: str
    first_path: str

    def labels_of(self, ordinal: int) -> dict[str, str | Unknown]:
        """The labels of the pod with this number, those that hold the number."""
        return {key: join_ranges(prefix, str(ordinal)) for key, prefix in self.prefixes.items()}

    def ordinal_of(self, key: str, value: str | Unknown) -> int | Unknown | None:
        """The number of the pod on which a label of `prefixes` has the value, whether or not there is such a pod.

        None when no number gives the value, an unknown when that cannot be told.
        """
        prefix = self.prefixes[key]
        before, number = split_number(value)
        if isinstance(prefix, str) and isinstance(value, str):
            return number if before == prefix else None
        if number is not None and _are_same(join_ranges(prefix, str(number)), value):
            return number
        unknown = value if isinstance(value, Unknown) else prefix
        return unknown if isinstance(unknown, Unknown) else None

    def has(self, ordinal: int) -> bool | None:
        """Whether there is a pod with this number; None when that hangs on how many pods there are."""
        if isinstance(self.first, Unknown):
            return None
        if ordinal < self.first or (self.at_most is not None and ordinal >= self.first + self.at_most):
            return False
        return True if ordinal < self.first + self.at_least else None


def split_number(value: str | Unknown) -> tuple[str, int | None]:
    """A label's value as what stands before the number at its end, and the number; without one, None.

    Of a value with placeholders only the text after the last of them is looked at.
    """
    text = value if isinstance(value, str) else _last_text(value)
    before = text.rstrip("0123456789")
    digits = text[len(before) :]
    number = digits.lstrip("0") or digits[-1:]  # zeros before it are no part of the number
    return (text[: len(text) - len(number)], int(number)) if 0 < len(number) <= _LONGEST else (text, None)


def before_number(value: str | Unknown) -> str | Unknown:
    """A label's value without the number at its end."""
    before = split_number(value)[0]
    if isinstance(value, str) or not isinstance(value.term, Concat) or not _last_text(value):
        return before if isinstance(value, str) else value
    return Unknown(Concat((*value.term.parts[:-1], before)), value.text, value.mark)


def join_ranges(before: str | Unknown, text: str) -> str | Unknown:
    """`text` behind a value that may be unknown."""
    if isinstance(before, str):
        return before + text
    parts = before.term.parts if isinstance(before.term, Concat) else (before.term,)
    last = parts[-1]
    parts = (*parts[:-1], last + text) if isinstance(last, str) else (*parts, text)
    return Unknown(Concat(parts), before.text + text, before.mark)


def _last_text(value: Unknown) -> str:
    last = value.term.parts[-1] if isinstance(value.term, Concat) else ""
    return last if isinstance(last, str) else ""


def _are_same(one: str | Unknown, other: str | Unknown) -> bool:
    return one.same_as(other) if isinstance(one, Unknown) else isinstance(other, str) and one == other
