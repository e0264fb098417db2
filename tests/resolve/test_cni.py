"""Which CNIs are found in manifests, and by what."""

from __future__ import annotations

import pytest
from tests.resolve.cni_world import ENGINE, EXAMPLES, FLANNEL, NODE_AGENT, SDN, configmap, daemonset, graph_of, resource

from kubeqed.model.cni.capabilities import Role
from kubeqed.parse import Unknown
from kubeqed.resolve.cni.detected import Detected, Strength, detect_cnis


def found(text: str) -> list[Detected]:
    return [item for item in detect_cnis(graph_of(text).unit) if not item.weak]


def one(text: str) -> Detected:
    (item,) = found(text)
    return item


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples(name: str) -> None:
    example = EXAMPLES[name]
    assert sorted((item.profiles[0], item.version) for item in found(example.bundle)) == sorted(example.found)
    assert all(len(item.profiles) == 1 for item in found(example.bundle))


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        (daemonset(None, "kube-flannel-ds"), "flannel"),
        (daemonset("kube-system", "kube-flannel-ds-amd64"), "flannel"),
        (daemonset("kube-system", "calico-node", "gke.gcr.io/calico/node:v3.26"), "gke-legacy-calico"),
        (daemonset("kube-system", "calico-node", "calico/node:v3.26"), "calico"),
        (daemonset("net", "net", "calico/node:v3.26", "flannel-io/flannel:v0.26"), "canal"),
        (daemonset("net", "net", "${REGISTRY}/calico/node:v3.26"), "calico"),
        (daemonset("kube-system", "anetd") + configmap("cilium-config", "a: b"), "gke-dataplane-v2"),
        (resource("operator.tigera.io/v1", "Installation"), "calico"),
        (
            resource("operator.openshift.io/v1", "Network", "{defaultNetwork: {type: OVNKubernetes}}"),
            "ovn-kubernetes",
        ),
        (configmap("kube-flannel-cfg", "a: b", "kube-flannel"), "flannel"),
    ],
)
def test_what_shows_a_cni(text: str, profile: str) -> None:
    assert one(text).profiles == (profile,)


@pytest.mark.parametrize(
    "text",
    [
        daemonset("shop", "kube-flannel-ds", "shop/cache"),
        daemonset("shop", "web", "rancher/local-path-provisioner:v0.0.24"),
        daemonset("kube-system", "ui", "quay.io/cilium/hubble-ui:v0.13.2"),
        configmap("weave-net", "a: b", "shop"),
        resource("operator.openshift.io/v1", "Network", "{defaultNetwork: {type: Other}}"),
    ],
)
def test_what_shows_none(text: str) -> None:
    assert found(text) == []


def test_custom_resources_are_weak_evidence() -> None:
    (item,) = detect_cnis(graph_of(resource("cilium.io/v2", "CiliumNetworkPolicy")).unit)
    assert (item.profiles, item.weak, item.strength) == (("cilium",), True, Strength.GROUP)


def test_better_evidence_for_the_same_cni_leaves_no_weak_one() -> None:
    both = resource("cilium.io/v2", "CiliumNetworkPolicy") + configmap("cilium-config", "a: b")
    assert [item.weak for item in detect_cnis(graph_of(both).unit)] == [False]


def test_what_is_chained_comes_first_and_is_an_add_on() -> None:
    chained = FLANNEL + configmap("cilium-config", "cni-chaining-mode: flannel")
    first, second = found(chained)
    assert (first.profiles, first.role, first.strength) == (("cilium",), Role.ADD_ON, Strength.CHAINED)
    assert (second.profiles, second.role) == (("flannel",), Role.BASE)
    alone = FLANNEL + configmap("cilium-config", "cni-chaining-mode: none")
    assert [item.profiles for item in found(alone)] == [("flannel",), ("cilium",)]


def test_a_daemonset_is_better_evidence_than_its_configmap() -> None:
    text = configmap("kube-flannel-cfg", "a: b", "kube-flannel") + FLANNEL
    assert one(text).place.object == graph_of(FLANNEL).unit.objects[0].key
    assert [item.role for item in found(text + ENGINE)] == [Role.BASE, Role.ADD_ON]


def test_tags_that_disagree_tell_no_version() -> None:
    tags = daemonset("kube-system", "calico-node", "calico/node:v3.26", "calico/cni:v3.27")
    assert one(tags).version is None
    assert one(daemonset("kube-system", "calico-node", "localhost:5000/calico/node")).version is None
    assert one(daemonset("kube-system", "calico-node", "calico/node:${TAG}")).version is None


def test_the_operator_has_versions_of_its_own() -> None:
    assert one(daemonset("tigera-operator", "tigera-operator", "quay.io/tigera/operator:v1.34.0")).version is None


@pytest.mark.parametrize(
    ("switch", "profiles"),
    [
        (NODE_AGENT.format("true"), ("aws-vpc-cni",)),
        (NODE_AGENT.format("false"), ("eks-default",)),
        (NODE_AGENT.replace("={}", '", "true"').replace("[", '["'), ("aws-vpc-cni",)),
        (NODE_AGENT.replace("={}", ""), ("aws-vpc-cni",)),
        (
            NODE_AGENT.replace("--enable-network-policy={}", '"--enable-network-policy=${ON}"'),
            ("aws-vpc-cni", "eks-default"),
        ),
    ],
)
def test_an_argument_chooses_the_profile(switch: str, profiles: tuple[str, ...]) -> None:
    assert one(daemonset("kube-system", "aws-node", "amazon-k8s-cni:v1.18.0", switch)).profiles == profiles


def test_a_configmap_chooses_the_profile() -> None:
    on = configmap("amazon-vpc-cni", 'enable-network-policy-controller: "true"')
    assert one(daemonset("kube-system", "aws-node") + on).profiles == ("aws-vpc-cni",)
    assert one(configmap("amazon-vpc-cni", "a: b")).profiles == ("aws-vpc-cni", "eks-default")


def test_an_agent_that_is_told_not_to_enforces_nothing_whatever_the_configmap_says() -> None:
    on = configmap("amazon-vpc-cni", 'enable-network-policy-controller: "true"')
    found = one(daemonset("kube-system", "aws-node", "amazon-k8s-cni:v1.18.0", NODE_AGENT.format("false")) + on)
    assert found.profiles == ("aws-vpc-cni",)
    assert found.off is not None
    assert (found.off.on, found.off.what) == (True, "--enable-network-policy is false")


def test_a_mode_that_nobody_tells_stays_open() -> None:
    assert len(one(SDN).profiles) == 3


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (configmap("cilium-config", 'enable-k8s-networkpolicy: "false"'), "enable-k8s-networkpolicy is false"),
        (
            daemonset(
                "kube-system", "kube-router", 'image: "cloudnativelabs/kube-router:v2", args: [--run-firewall=false]'
            ),
            "--run-firewall is false",
        ),
        (daemonset("kube-system", "weave-net", "weaveworks/weave-kube:2.8.1"), "no image weaveworks/weave-npc"),
        (
            daemonset(
                "kube-system",
                "weave-net",
                'image: "weaveworks/weave-npc:2.8.1", env: [{name: EXPECT_NPC, value: "0"}]',
            ),
            "EXPECT_NPC is 0",
        ),
        (
            daemonset(
                "kube-system", "kube-ovn-cni", 'image: "kubeovn/kube-ovn:v1.13", command: [run, --enable-np=false]'
            ),
            "--enable-np is false",
        ),
    ],
)
def test_off_switches(text: str, what: str) -> None:
    off = one(text).off
    assert off is not None
    assert (off.on, off.what) == (True, what)
    assert off.item.holds(off.path)


def test_a_switch_that_is_on_is_no_off_switch() -> None:
    assert one(configmap("cilium-config", "enable-policy: default")).off is None
    both = daemonset("kube-system", "weave-net", "weaveworks/weave-kube:2.8.1", "weaveworks/weave-npc:2.8.1")
    assert one(both).off is None


def test_a_switch_may_be_unknown() -> None:
    off = one(configmap("cilium-config", 'enable-policy: "${MODE}"')).off
    assert off is not None
    assert isinstance(off.on, Unknown)
    hidden = one(daemonset("kube-system", "weave-net", "weaveworks/weave-kube:2.8.1", "${IMAGE}")).off
    assert hidden is not None
    assert isinstance(hidden.on, Unknown)
