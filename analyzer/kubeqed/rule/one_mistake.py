"""One mistake is one finding: of what the server says against one object, what one edit of one field settles.

A misspelt or misplaced key, and that its field is missing or the mapping that has only this key empty; the keys that were
to stand below one before them, which is empty; several fields missing below one that is; the fields of an older API version; several complaints about one value, or about one that an alias repeats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.apiserver import Violation
from kubeqed.apiserver.reason import Reason
from kubeqed.diagnostic import Certainty
from kubeqed.late_pattern import compile_late
from kubeqed.model.kinds.object import Object
from kubeqed.parse import Mapping, Value, value_at

_LAST = compile_late(r"\.?([\w/-]+)\Z")
_V1BETA1 = compile_late(r"spec\.(?:backend|rules\[\d+\]\.http\.paths\[\d+\]\.backend\.(?:serviceName|servicePort))")
_V1BETA1_LACKS = compile_late(r"spec|spec\.rules\[\d+\]\.http\.paths\[\d+\]\.(?:pathType|backend)")


class RootViolation(NamedTuple):
    """A violation, and others that follow from the same mistake. `is_old` says that it is the version of the fields."""

    violation: Violation
    follow: tuple[Violation, ...] = ()
    is_old: bool = False


def group_by_cause(item: Object, said: Iterable[Violation]) -> list[RootViolation]:
    """What is said of an object, by mistake, in the order of what each begins with: a key that is there before what is not."""
    found = list(said)
    causes = _Causes(item, found)
    groups: dict[object, list[Violation]] = {}
    for violation in found:
        groups.setdefault(causes.of(violation), []).append(violation)
    return [_make_mistake(group, is_old=cause == _V1BETA1) for cause, group in groups.items()]


def _make_mistake(group: list[Violation], *, is_old: bool) -> RootViolation:
    first = next((one for one in group if not one.missing), group[0])
    return RootViolation(first, tuple(one for one in group if one is not first), is_old)


class _Causes:
    """Which mistake a violation comes from: equal for those of one."""

    def __init__(self, item: Object, said: list[Violation]) -> None:
        self._item = item
        unknown = [one for one in said if one.reason is Reason.FIELD_UNKNOWN and one.certainty is Certainty.REJECTED]
        self._slips = {_find_meant_path(one): one.path for one in unknown if one.suggestion}
        self._meant_below = dict(_find_meant_below(item.identity.root, {one.path for one in unknown}))
        self._misplaced = {_find_last_step(one.path): one.path for one in unknown}
        self._is_old = (item.group, item.kind) == ("networking.k8s.io", "Ingress") and any(
            _V1BETA1.fullmatch(one.path) for one in unknown
        )

    def of(self, violation: Violation) -> object:
        if violation.certainty is not Certainty.REJECTED:
            return id(violation)
        if self._is_old and (_V1BETA1_LACKS if violation.missing else _V1BETA1).fullmatch(violation.path):
            return _V1BETA1
        if (empty := self._find_empty_above(violation.path)) is not None:
            return "below", empty
        if violation.reason is Reason.FIELD_UNKNOWN:
            return "at", violation.path
        return self._identify_absent(violation.path) if violation.missing else self._identify_value(violation)

    def _find_empty_above(self, path: str) -> str | None:
        """The empty field that a violation is about, or whose keys stand beside it; None where there is none."""
        if path in self._meant_below:
            return self._meant_below[path]
        found = (
            empty
            for empty in self._meant_below.values()
            if path in (empty, _drop_last_step(empty)) or path.startswith(f"{empty}.")
        )
        return next(found, None)

    def _identify_absent(self, path: str) -> object:
        """By the key that was meant for it, or else by the first field on the way that is not there."""
        first = self._first_absent(path)
        for meant, slip in self._slips.items():
            if meant == first:
                return "at", slip
        misplaced = self._misplaced.get(_find_last_step(path)) or self._misplaced.get(_find_last_step(first))
        return ("at", misplaced) if misplaced else ("absent", first)

    def _first_absent(self, path: str) -> str:
        """The highest field on the way to `path` that the object does not hold."""
        first = path
        while "." in first:
            above = first.rpartition(".")[0]
            if self._item.holds(above):
                break
            first = above
        return first

    def _identify_value(self, violation: Violation) -> object:
        """By the slip that is all that the value holds, or else by its place: an alias stands where its anchor does."""
        value = value_at(self._item.identity.root, violation.path)
        for slip in self._slips.values():
            if isinstance(value, Mapping) and len(value) == 1 and _drop_last_step(slip) == violation.path:
                return "at", slip
        place = self._item.at(violation.place or violation.path)
        return violation.reason, place.mark if place.anchor is None else place.anchor, place.first_line


def _find_meant_path(violation: Violation) -> str:
    """The path of the field that an unknown key was meant for."""
    above = _drop_last_step(violation.path)
    return f"{above}.{violation.suggestion}" if above else str(violation.suggestion)


def _find_meant_below(root: Value, unknown: set[str]) -> Iterator[tuple[str, str]]:
    """The unknown keys that follow one without a value in their mapping, each with the path of that one."""
    for above in {_drop_last_step(path) for path in unknown}:
        mapping = value_at(root, above)
        empty: str | None = None
        for key, value in mapping.items() if isinstance(mapping, Mapping) else ():
            path = f"{above}.{key}" if above else key
            if path not in unknown:
                empty = path if value is None else None
            elif empty is not None:
                yield path, empty


def _drop_last_step(path: str) -> str:
    return _LAST.sub("", path)


def _find_last_step(path: str) -> str:
    found = _LAST.search(path)
    return found[1] if found else path
