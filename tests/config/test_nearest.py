"""Which name somebody meant."""

from __future__ import annotations

import pytest

from kubeqed.config.nearest import did_you_mean, find_nearest
from kubeqed.model.cni.names import CNIS, INGRESS_CONTROLLERS


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("antrae", ["antrea"]),
        ("AWS_VPC_CNI", ["aws-vpc-cni"]),
        ("azure", ["azure-cni-calico", "azure-cni-cilium", "azure-cni-none", "azure-cni-npm"]),
        ("ovn", ["kube-ovn", "ovn-kubernetes"]),
        ("aws-vpc", ["aws-vpc-cni"]),
        ("zzz", []),
    ],
)
def test_cnis(word: str, names: list[str]) -> None:
    assert find_nearest(word, CNIS) == names


def test_the_words_of_a_suggestion() -> None:
    assert did_you_mean("nginx", INGRESS_CONTROLLERS) == ', did you mean "ingress-nginx" or "nginx-inc"?'
    assert did_you_mean("x", ("a-x", "b-x", "c-x")) == ', did you mean "a-x", "b-x" or "c-x"?'
    assert did_you_mean("qq", ("one", "two")) == " (known: one, two)"
    assert did_you_mean("qq", ()) == ""
