"""What templates see of the cluster, as `helm template --kube-version --api-versions` gives it."""

from __future__ import annotations

import pytest

from kubeqed.build.helm.objects import Capabilities


@pytest.mark.parametrize(
    ("stated", "seen", "minor"),
    [
        ("1.30", "v1.30", "30"),
        ("v1.30.2", "v1.30.2", "30"),
        ("1.33.4-gke.12", "v1.33.4", "33"),
        ("v1.33.4+k3s1", "v1.33.4", "33"),
    ],
)
def test_a_version_has_no_suffix_of_a_provider(stated: str, seen: str, minor: str) -> None:
    version = Capabilities(stated).field("KubeVersion")
    assert (str(version), version.field("Version"), version.field("Minor")) == (seen, seen, minor)


def test_stated_apis_are_served_beside_those_of_the_server() -> None:
    versions = Capabilities(more=("c.example/v1", "d.example/v1/Kind")).field("APIVersions")
    has = versions.field("Has")
    assert [has(one) for one in ("apps/v1", "c.example/v1", "d.example/v1/Kind", "d.example/v1")] == [True] * 3 + [
        False
    ]
    assert versions[-2:] == ["c.example/v1", "d.example/v1/Kind"]
