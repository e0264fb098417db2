"""What network plugins do with policies: the package data about CNIs, typed.

`data/cni.json` is the only place that knows a CNI by name; `data/generate.py` writes it. A support value without a
version holds for all versions; one that no source tells is unknown, and stays so.
"""

from __future__ import annotations

import os
import re
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from kubeqed.parse import parse_whole_number

Version = tuple[int, ...]

POD_ADDRESSES = "pod-addresses"
"""The uses of ipBlock that a CNI fails which knows pods by identity: `Support.when`."""

ADMIN_KINDS = {
    "AdminNetworkPolicy": "adminNetworkPolicy_v1alpha1",
    "BaselineAdminNetworkPolicy": "baselineAdminNetworkPolicy_v1alpha1",
    "ClusterNetworkPolicy": "clusterNetworkPolicy_v1alpha2",
}
"""The kinds of administrators' policies, and how the data calls them with their version."""

_VERSION = re.compile(r"(\d{4}-\d{2})\b|v?(\d+(?:\.\d+)*)")
FIRST_YEAR = 2000
"""A version that begins with a year is a date."""


class Feature(Enum):
    """What a NetworkPolicy may use; the values are the names of the data."""

    INGRESS = "ingress"
    EGRESS = "egress"
    IP_BLOCK = "ipBlock"
    EXCEPT = "ipBlock_except"
    END_PORT = "endPort"
    SCTP = "sctp"
    NAMED_PORTS = "namedPorts"
    MATCH_EXPRESSIONS = "matchExpressions"


class Degree(Enum):
    """How far something is supported. BY_VERSION: from a version on that no source tells."""

    FULL = "full"
    NONE = "none"
    PARTIAL = "partial"
    BY_VERSION = "by version"
    UNKNOWN = "unknown"


class Role(Enum):
    """A base CNI makes the network; an add-on enforces policies on any; a meta plugin leaves both to another."""

    BASE = "base"
    ADD_ON = "add-on"
    META = "meta"


class Setting(NamedTuple):
    """A setting in manifests that changes what a CNI does.

    `where` is `configmap` (of `name`, under `key`), `resource` (of kind `name`, the field `key`), `argument`,
    `environment` or `image` (whether a container has it). It is on when the value is one of `values`, or with `unless`
    when it is set and none of them.
    """

    where: str
    name: str
    key: str
    values: tuple[str, ...]
    unless: bool


class Since(NamedTuple):
    """Versions that have something: none before `below`, all from `start` up to `last`; None where not known."""

    text: str
    below: Version | None
    start: Version | None
    last: Version | None


class Support(NamedTuple):
    """Whether something is supported. `inferred` says that it is neither documented nor read in the code.

    `when` names the only uses that partial support fails, `needs` is the setting that makes it full.
    """

    degree: Degree
    since: Since | None = None
    note: str = ""
    inferred: bool = False
    when: str = ""
    needs: Setting | None = None

    def at(self, version: Version | None) -> Degree:
        """The support of one version; None is an unknown version."""
        if self.since is None or self.degree in (Degree.NONE, Degree.UNKNOWN):
            return self.degree
        if version is not None and self.since.start is not None:
            return self._compare_versions(version, self.since)
        if self.degree is Degree.PARTIAL:
            return Degree.PARTIAL
        return Degree.UNKNOWN if self.since.below is None or version is not None else Degree.BY_VERSION

    def _compare_versions(self, version: Version, since: Since) -> Degree:
        if since.last is not None and is_at_least(version, (*since.last[:-1], since.last[-1] + 1)):
            return Degree.NONE
        if since.start is not None and is_at_least(version, since.start):
            return self.degree
        return Degree.NONE if since.below is not None and is_at_least(version, since.below) is False else Degree.UNKNOWN


class Cni(NamedTuple):
    """What is known of a CNI, or of one way to run it.

    `limits` are numbers of the source under their own names. `off` are settings that stop enforcement. `variants` maps
    the name of a combination to the profile that then counts.
    """

    id: str
    name: str
    role: Role
    enforces: Support
    features: dict[Feature, Support]
    admin: dict[str, Support]
    limits: dict[str, int]
    off: tuple[Setting, ...]
    variants: dict[str, str]

    def supports(self, feature: Feature) -> Support:
        """The support of a feature; one that the data does not speak of is no matter of CNIs."""
        return self.features.get(feature, _FULL)

    def supports_kind(self, kind: str) -> Support:
        """The support of a kind of administrators' policies; UNKNOWN where the data does not speak of it."""
        return self.admin.get(ADMIN_KINDS[kind], Support(Degree.UNKNOWN))


class Marks(NamedTuple):
    """How one CNI shows in manifests.

    `daemonsets` are namespaces and name globs, `images` substrings that must all occur in one workload, `versions`
    those whose tag is the version, `groups` API groups (weak). `profiles` are what it may be; `choose` picks one,
    `default` is what it is when the program is seen and no setting. With a `chained` setting it only adds policies.
    """

    profiles: tuple[str, ...]
    choose: tuple[tuple[str, Setting], ...]
    default: str | None
    daemonsets: tuple[tuple[str, str], ...]
    images: tuple[tuple[str, ...], ...]
    versions: tuple[str, ...]
    configmaps: tuple[str, ...]
    groups: tuple[str, ...]
    resources: tuple[Setting, ...]
    chained: tuple[Setting, ...]


_FULL = Support(Degree.FULL)


def cni_names() -> tuple[str, ...]:
    """The ids of all profiles, in the order of the data."""
    return tuple(_read_data()["cnis"])


@cache
def load_profile(name: str) -> Cni:
    """The profile of an id; KeyError for one that the data does not have."""
    entry = _read_data()["cnis"][name]
    return Cni(
        name,
        entry["name"],
        Role(entry["role"]),
        _make_support(entry["enforces"]),
        {Feature(key): _make_support(value) for key, value in entry["features"].items()},
        {key: _make_support(value) for key, value in entry["admin"].items()},
        entry.get("limits", {}),
        _make_settings(entry, "off"),
        {variant["id"]: variant["profile"] for variant in entry.get("variants", ())},
    )


def resolve_profile(name: str) -> str | None:
    """The id of the profile that counts for a stated name, which may be a combination; None for an unknown name."""
    if name in _read_data()["cnis"]:
        return name
    combinations = (entry.get("variants", ()) for entry in _read_data()["cnis"].values())
    return next((item["profile"] for variants in combinations for item in variants if item["id"] == name), None)


def all_profiles() -> tuple[Cni, ...]:
    """All profiles, in the order of the data."""
    return tuple(load_profile(name) for name in cni_names())


@cache
def all_marks() -> tuple[Marks, ...]:
    """How CNIs show in manifests, in the order of the data."""
    return tuple(
        Marks(
            tuple(entry["profiles"]),
            tuple((name, _make_setting(setting)) for name, setting in entry.get("choose", ())),
            entry.get("default"),
            tuple((namespace, name) for namespace, name in entry.get("daemonsets", ())),
            tuple(tuple(image) for image in entry.get("images", ())),
            tuple(entry.get("versions", ())),
            tuple(entry.get("configmaps", ())),
            tuple(entry.get("groups", ())),
            _make_settings(entry, "resources"),
            _make_settings(entry, "chained"),
        )
        for entry in _read_data()["detection"]
    )


def parse_version(text: str) -> Version | None:
    """The version a text starts with, such as an image tag; None for `latest` and the like."""
    found = _VERSION.match(text)
    return tuple(parse_whole_number(part) for part in re.split("[.-]", found[1] or found[2])) if found else None


def is_at_least(version: Version, bound: Version) -> bool | None:
    """Whether a version is at or past a bound; None when it says too little, or one is a date and the other is not."""
    if (version[0] >= FIRST_YEAR) != (bound[0] >= FIRST_YEAR):
        return None
    known = bound[: len(version)]
    if version[: len(bound)] != known:
        return version > known
    return True if not any(bound[len(version) :]) else None


@cache
def _read_data() -> Any:
    import json

    with open(os.path.join(os.path.dirname(__file__), "cni.json"), encoding="utf-8") as file:
        return json.load(file)


def _make_support(entry: Any) -> Support:
    if not isinstance(entry, dict):
        return Support(_DEGREES[entry])
    needs = entry.get("needs")
    return Support(
        _DEGREES[entry["support"]],
        _make_since(entry.get("since")),
        entry.get("note", ""),
        entry.get("inferred", False),
        entry.get("when", ""),
        None if needs is None else _make_setting(needs),
    )


_DEGREES: dict[object, Degree] = {
    True: Degree.FULL,
    False: Degree.NONE,
    "partial": Degree.PARTIAL,
    None: Degree.UNKNOWN,
}


def _make_since(entry: Any) -> Since | None:
    if entry is None:
        return None
    below, start, last = (tuple(entry[key]) if key in entry else None for key in ("below", "start", "last"))
    return Since(entry["text"], below, start, last)


def _make_settings(entry: Any, key: str) -> tuple[Setting, ...]:
    return tuple(_make_setting(setting) for setting in entry.get(key, ()))


def _make_setting(entry: Any) -> Setting:
    return Setting(
        entry["in"], entry.get("name", ""), entry.get("key", ""), tuple(entry["values"]), entry.get("unless", False)
    )
