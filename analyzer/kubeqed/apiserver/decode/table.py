"""The fields of every kind that Kubernetes serves, loaded on first use and unpacked type by type."""

from __future__ import annotations

import os.path
import re
from functools import cache
from typing import NamedTuple

from kubeqed.model.cluster import KubernetesVersion

_DATA = os.path.join(os.path.dirname(__file__), os.pardir, "data", "fields.txt")
_LIFETIME = re.compile(r"(?:@(\d+))?(?:~(\d+))?\Z")
_EVER = 0
FOREVER = 999


class Field(NamedTuple):
    """A field: `code` is its type, `since` and `until` the minor versions that know it.

    A code is a letter (s text, i and l integers of 32 and 64 bits, b flag, n number, q quantity, p integer or text,
    t time, y base64, a anything) or the name of a type; `*` before it makes a list, `%` a map.
    """

    code: str
    since: int = _EVER
    until: int = FOREVER

    def is_known_to(self, version: KubernetesVersion) -> bool:
        """Whether a server of that version has the field."""
        return self.since <= version.minor <= self.until


class Tables(NamedTuple):
    """The data as text: the oldest minor version, kinds to types, types to fields."""

    oldest: int
    kinds: dict[str, str]
    types: dict[str, str]


@cache
def fields_of(type_name: str) -> dict[str, Field]:
    """The fields of a type, by name."""
    line = _read_tables().types[type_name]
    return {name: _make_field(code) for name, code in (field.split(":", 1) for field in line.split())}


@cache
def type_of(group: str, version: str, kind: str) -> Field | None:
    """The type of a kind, with the versions that serve it; None for a kind that no version from 1.27 on serves."""
    code = _read_tables().kinds.get("/".join(filter(None, (group, version, kind))))
    return None if code is None else _make_field(code)


def is_field_name(name: str) -> bool:
    """Whether some type of Kubernetes has a field of the name."""
    return name in _field_names()


@cache
def _field_names() -> frozenset[str]:
    return frozenset(field.split(":", 1)[0] for line in _read_tables().types.values() for field in line.split())


def served_since() -> int:
    """The oldest minor version that the tables describe."""
    return _read_tables().oldest


def serves(version: KubernetesVersion, api: str) -> bool:
    """Whether a server of some version serves `apps/v1`, or `apps/v1/Deployment`; of groups that are not its own, none."""
    kinds = _read_tables().kinds
    return any(
        _make_field(code).is_known_to(version) for key, code in kinds.items() if key == api or key.startswith(f"{api}/")
    )


@cache
def versions_of(group: str, kind: str) -> dict[str, Field]:
    """The API versions of a kind: `v1`, `v1beta1` and so on."""
    prefix, suffix = f"{group}/" if group else "", f"/{kind}"
    return {
        key.removeprefix(prefix).removesuffix(suffix): _make_field(code)
        for key, code in _read_tables().kinds.items()
        if key.startswith(prefix) and key.endswith(suffix) and key.count("/") == (2 if group else 1)
    }


def _make_field(code: str) -> Field:
    name, since, until = re.split(r"(?=[@~])|\Z", code)[0], None, None
    if match := _LIFETIME.search(code, len(name)):
        since, until = match.groups()
    return Field(name, int(since or _EVER), int(until or FOREVER))


@cache
def _read_tables() -> Tables:
    """The lines of the data, by their first word: `minors`, then one `kind` and one `type` a line."""
    with open(_DATA, encoding="utf-8") as file:
        lines = file.read().splitlines()
    kinds = dict(line[5:].split(" ", 1) for line in lines if line.startswith("kind "))
    types = {
        name: fields for line in lines if line.startswith("type ") for name, _, fields in (line[5:].partition(" "),)
    }
    return Tables(int(lines[1].split()[1]), kinds, types)
