"""The package data about CNIs: versions, degrees, names, and how it comes from its source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from data import generate_cni

from kubeqed.model.cni.capabilities import (
    Degree,
    Feature,
    Role,
    Setting,
    Since,
    Support,
    Version,
    all_marks,
    all_profiles,
    cni_names,
    is_at_least,
    load_profile,
    parse_version,
    resolve_profile,
)

EXACT = Support(Degree.FULL, Since("1.16", (1, 16), (1, 16), None))
LATEST_KNOWN = Support(Degree.FULL, Since("<=3.22", None, (3, 22), None))
BETWEEN = Support(Degree.FULL, Since("2.4/2.5 line", (2, 4), (2, 5), None))
OTHER_PROGRAM = Support(Degree.FULL, Since("1.3.0 of kube-router", None, None, None))
REMOVED = Support(Degree.FULL, Since("3.29", (3, 29), (3, 29), (3, 31)))
MONTH = Support(Degree.FULL, Since("2026-01", (2026, 1), (2026, 1), None))
PARTIAL = Support(Degree.PARTIAL, Since("1.13", (1, 13), (1, 13), None))


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v3.27.0", (3, 27, 0)),
        ("1.13.4-eksbuild.1", (1, 13, 4)),
        ("v1.15.x", (1, 15)),
        ("3", (3,)),
        ("2026-01", (2026, 1)),
        ("v20240813-c6f155d6", (20240813,)),
        ("latest", None),
        ("", None),
    ],
)
def test_versions_are_read_from_tags_and_statements(text: str, version: Version | None) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    ("version", "bound", "is_reached"),
    [
        ((1, 16), (1, 16), True),
        ((1, 16, 0), (1, 16), True),
        ((1, 15, 9), (1, 16), False),
        ((2,), (1, 16), True),
        ((1, 1), (1, 1, 0), True),
        ((3,), (3, 22), None),
        ((6, 0), (2026, 1), None),
        ((20240813,), (0, 24, 0), None),
        ((2025, 12), (2026, 1), False),
    ],
)
def test_a_version_reaches_a_bound(version: Version, bound: Version, is_reached: bool | None) -> None:
    assert is_at_least(version, bound) is is_reached


@pytest.mark.parametrize(
    ("support", "version", "degree"),
    [
        (EXACT, (1, 16, 2), Degree.FULL),
        (EXACT, (1, 15, 3), Degree.NONE),
        (EXACT, None, Degree.BY_VERSION),
        (EXACT, (1,), Degree.UNKNOWN),
        (LATEST_KNOWN, (3, 27), Degree.FULL),
        (LATEST_KNOWN, (3, 10), Degree.UNKNOWN),
        (LATEST_KNOWN, None, Degree.UNKNOWN),
        (BETWEEN, (2, 3), Degree.NONE),
        (BETWEEN, (2, 4, 1), Degree.UNKNOWN),
        (OTHER_PROGRAM, (1, 28), Degree.UNKNOWN),
        (OTHER_PROGRAM, None, Degree.UNKNOWN),
        (REMOVED, (3, 31, 4), Degree.FULL),
        (REMOVED, (3, 32), Degree.NONE),
        (MONTH, (2026, 3), Degree.FULL),
        (MONTH, (6, 1), Degree.UNKNOWN),
        (PARTIAL, (1, 12), Degree.NONE),
        (PARTIAL, (1, 14), Degree.PARTIAL),
        (PARTIAL, None, Degree.PARTIAL),
        (Support(Degree.NONE), (9,), Degree.NONE),
        (Support(Degree.UNKNOWN), None, Degree.UNKNOWN),
    ],
)
def test_support_depends_on_the_version(support: Support, version: Version | None, degree: Degree) -> None:
    assert support.at(version) is degree


def test_every_profile_and_every_mark_can_be_read() -> None:
    assert len(all_profiles()) == len(cni_names()) > 25
    assert {name for marks in all_marks() for name in marks.profiles} <= set(cni_names())


def test_profiles_say_what_the_source_says() -> None:
    assert load_profile("flannel").enforces.degree is Degree.NONE
    assert load_profile("cilium").features[Feature.END_PORT].since == Since("1.16", (1, 16), (1, 16), None)
    assert load_profile("nsx-ncp").limits["selectors_per_rule_max"] == 5
    assert load_profile("kube-network-policies").role is Role.ADD_ON
    assert load_profile("weave-net").features[Feature.END_PORT].inferred
    assert (
        Setting("configmap", "cilium-config", "enable-policy", ("never",), unless=False) in load_profile("cilium").off
    )
    assert load_profile("aws-vpc-cni").enforces.at((1, 13)) is Degree.NONE
    assert load_profile("calico").supports(Feature.MATCH_EXPRESSIONS).degree is Degree.FULL


def test_combinations_are_names_too() -> None:
    assert resolve_profile("flannel") == "flannel"
    assert resolve_profile("flannel+calico") == "canal"
    assert resolve_profile("flanel") is None
    with pytest.raises(KeyError):
        load_profile("flanel")


def test_the_data_is_what_the_generator_makes_of_its_source() -> None:
    assert generate_cni.rendered(generate_cni.CNI_YAML.read_bytes()) == generate_cni.CNI_JSON.read_text(
        encoding="utf-8"
    )


def test_nothing_unknown_or_inferred_became_certain() -> None:
    for name, feature, written in _written(generate_cni.CNI_YAML):
        support = load_profile(name).features[feature]
        if written["support"] is None:
            assert support.degree is Degree.UNKNOWN, (name, feature)
        if "(inferred)" in written.get("note", ""):
            assert support.inferred, (name, feature)


def test_a_text_that_nobody_read_stops_the_generator() -> None:
    entry = _entry()
    generate_cni.generate(_source(entry))
    for change in (
        {"off_switches": ["a new switch"]},
        {"policy": {**entry["policy"], "endPort": {"support": True, "since": "one of these days"}}},
        {"policy": {**entry["policy"], "sctp": {"support": "partial", "note": "on Sundays"}}},
    ):
        with pytest.raises((KeyError, TypeError)):
            generate_cni.generate(_source({**entry, **change}))


def _written(source: Path) -> Iterator[tuple[str, Feature, dict[str, Any]]]:
    from kubeqed.parse import parse
    from kubeqed.sources import SourceFile

    tree: Any = parse(SourceFile("source", source.read_bytes())).documents[0].document.root
    for entry in generate_cni.plain(tree)["cnis"]:
        for feature in set(Feature) - {Feature.MATCH_EXPRESSIONS}:
            yield entry["id"], feature, entry["policy"][feature.value]


def _source(entry: dict[str, Any]) -> dict[str, Any]:
    return {"as_of": "2026-01-01", "cnis": [entry], "detection": {"rules": []}}


def _entry() -> dict[str, Any]:
    features = ("ingress", "egress", "ipBlock", "ipBlock_except", "endPort", "sctp", "namedPorts")
    return {
        "id": "a-cni",
        "name": "A CNI",
        "confidence": "documented",
        "enforces_networkpolicy": {"support": True},
        "policy": {key: {"support": True} for key in features} | {"hostNetwork_pods": "", "nodeport_lb_source_ip": ""},
        "admin_policy_apis": {},
    }
