"""Answers on small manifests: the deliberate differences from the peers one by one, and what no oracle covers."""

from __future__ import annotations

from typing import Any

import pytest
from tests.reach.samples import admin_policy, app, deployment, ingress, pod, policy, service
from tests.reach.world import unit_of
from tests.resolve.cni_world import daemonset

from kubeqed.model.cluster import Cluster, Stated
from kubeqed.model.cni.capabilities import POD_ADDRESSES, Degree, Feature, cni_names, load_profile
from kubeqed.reach.policy.assumptions import SPECIFICATION, Assumptions, assumptions_of_cluster, assumptions_of_cni
from kubeqed.reach.query.answer import EVERYTHING, ReachResult
from kubeqed.reach.query.exposure import find_exposure
from kubeqed.reach.query.pairs import list_pairs
from kubeqed.report.reach.exposure import exposure_text
from kubeqed.report.reach.formats.text import pair_lines


def _lines(text: str, assumptions: Assumptions = SPECIFICATION) -> list[str]:
    return pair_lines(list_pairs(ReachResult(unit_of(text), assumptions), EVERYTHING)).splitlines()


def _between_pods(text: str, assumptions: Assumptions = SPECIFICATION) -> list[str]:
    return [line for line in _lines(text, assumptions) if "[External]" not in line]


def _caveats(text: str) -> str:
    return " ".join(caveat.text for caveat in ReachResult(unit_of(text)).caveats)


def test_p1_an_ipv6_block_is_the_ipv6_range() -> None:
    rule = {"to": [{"ipBlock": {"cidr": "2001:db8::/32"}}]}
    lines = _lines(pod("web") + policy("out", policyTypes=["Egress"], egress=[rule]))
    inside = "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff[External]"
    assert [line for line in lines if line.startswith("shop/")] == [f"shop/web[Pod] => {inside} : All Connections"]


def test_p2_a_port_entry_of_only_a_protocol_is_all_its_ports_for_the_list_and_the_point_query() -> None:
    text = pod("web") + pod("db") + policy("in", podSelector=app("db"), ingress=[{"ports": [{"protocol": "UDP"}]}])
    answer = ReachResult(unit_of(text))
    numbers = {shown.name: number for shown, number in answer.names.classes.items()}
    assert "shop/web[Pod] => shop/db[Pod] : UDP 1-65535" in _lines(text)
    assert answer.reach.pair(numbers["web"], numbers["db"]) == (2 << 16 | 1, 2 << 16 | 65535)


def test_p3_a_default_backend_beside_a_rule_with_only_a_host_is_legal() -> None:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    text = (
        pod("web")
        + service("web", 80, 8080)
        + ingress("in", "web", 80, rules=[{"host": "a.example"}], defaultBackend=backend)
    )
    assert "{ingress-controller} => shop/web[Pod] : TCP 8080" in _lines(text)


def test_p4_and_p5_a_target_port_is_dialled_whatever_the_container_declares() -> None:
    declared = pod("web", ports=[{"containerPort": 53, "protocol": "UDP"}])
    for text, port in ((declared, 53), (pod("web"), 8080)):
        lines = _lines(text + service("web", 80, port) + ingress("in", "web", 80))
        assert f"{{ingress-controller}} => shop/web[Pod] : TCP {port}" in lines


def test_p7_pods_of_the_host_network_are_outside_policy_unless_stated() -> None:
    text = pod("web", host_network=True) + pod("db") + policy("deny", policyTypes=["Ingress"])
    assert _between_pods(text) == ["shop/db[Pod] => shop/web[Pod] : All Connections"]
    assert _between_pods(text, Assumptions(hosts_governed=True)) == []
    assert "no policy is taken to govern them" in _caveats(text)


def test_p8_what_does_not_run_is_marked() -> None:
    text = deployment("web", replicas=0) + pod("old", phase="Succeeded") + pod("db")
    stopped = {shown.name for shown in ReachResult(unit_of(text)).names.classes if shown.stopped}
    assert stopped == {"web", "old"}
    assert _caveats(text).count("no running pods") == 2


def test_p9_a_named_port_is_resolved_in_native_sidecars_and_by_protocol() -> None:
    ports = [{"name": "dns", "containerPort": 53, "protocol": "UDP"}, {"name": "dns", "containerPort": 5353}]
    rule = {"from": [{"podSelector": {}}], "ports": [{"port": "dns", "protocol": "UDP"}, {"port": "proxy"}]}
    text = pod("web") + pod("db", ports=ports, sidecar=[{"name": "proxy", "containerPort": 15001}])
    lines = _between_pods(text + policy("in", podSelector=app("db"), ingress=[rule]))
    assert "shop/web[Pod] => shop/db[Pod] : TCP 15001,UDP 53" in lines


def test_p10_whether_a_block_matches_a_pod_depends_on_the_cni() -> None:
    rule = {"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}
    text = pod("web", address="10.1.0.7") + pod("db") + policy("in", podSelector=app("db"), ingress=[rule])
    line = "shop/web[Pod] => shop/db[Pod] : All Connections"
    assert line not in _lines(text)
    assert line in _lines(text, assumptions_of_cni("calico"))
    for name in cni_names():
        support = load_profile(name).supports(Feature.IP_BLOCK)
        by_identity = support.when == POD_ADDRESSES
        assert by_identity == (name in ("cilium", "azure-cni-cilium", "gke-dataplane-v2"))
        enforced = load_profile(name).enforces.at(None) is not Degree.NONE
        assert (line in _lines(text, assumptions_of_cni(name))) is (not by_identity or not enforced)


def test_a_version_that_is_stated_counts_and_the_name_of_another_cni_has_none() -> None:
    stated = Cluster(cni=Stated("kindnet"), cni_version=Stated("0.23.0"))
    assert not assumptions_of_cluster(stated).enforced
    assert not assumptions_of_cluster(stated, "kindnet").enforced
    assert assumptions_of_cluster(stated, "calico") == assumptions_of_cni("calico")
    assert assumptions_of_cluster(Cluster()) == SPECIFICATION


def test_a_cluster_without_a_cni_obeys_no_policies_unless_an_engine_is_there() -> None:
    text = pod("web") + pod("db") + policy("in", podSelector=app("db"))
    line = "shop/web[Pod] => shop/db[Pod] : All Connections"
    engine = daemonset("kube-system", "kube-network-policies", "networking/kube-network-policies:v1.0.0")
    for name in ("none", "flannel"):
        assert line in _lines(text, assumptions_of_cni(name))
        assert line not in _lines(text + f"---\n{engine}", assumptions_of_cni(name))


def test_an_ingress_leads_nowhere_where_no_controller_is() -> None:
    text = pod("web") + service("web", 80, 8080) + ingress("in", "web", 80)
    none = assumptions_of_cluster(Cluster(ingress_controllers=()))
    line = "{ingress-controller} => shop/web[Pod] : TCP 8080"
    assert line in _lines(text)
    assert line not in _lines(text, none)
    answer = ReachResult(unit_of(text), none)
    assert [caveat.text for caveat in answer.caveats if "no ingress controller is in the cluster" in caveat.text]


@pytest.mark.parametrize(
    ("spec", "left", "hidden"),
    [
        ({}, "only by its node ports", True),
        ({"allocateLoadBalancerNodePorts": False}, "in no way", False),
        ({"allocateLoadBalancerNodePorts": False, "externalIPs": ["192.0.2.9"]}, "only by its externalIPs", True),
        ({"externalTrafficPolicy": "Local"}, "only by its node ports", False),
    ],
)
def test_without_a_load_balancer_a_service_has_its_node_ports_alone(spec: Any, left: str, hidden: bool) -> None:
    office = policy("in", ingress=[{"from": [{"ipBlock": {"cidr": "192.0.2.0/24"}}]}])
    unit = unit_of(pod("web") + service("web", 80, 8080, type="LoadBalancer", **spec) + office)
    none = assumptions_of_cluster(Cluster(load_balancer=Stated("none")))
    said = [caveat.text for caveat in ReachResult(unit, none).caveats]
    assert [one for one in said if "no load balancer" in one] == [
        f"no load balancer is in the cluster, as the configuration says: the outside comes in {left}"
    ]
    assert any("arrive with a node's address" in one for one in said) is hidden
    for other in (Cluster(), Cluster(load_balancer=Stated("metallb"))):
        assert not [
            one for one in ReachResult(unit, assumptions_of_cluster(other)).caveats if "no load balancer" in one.text
        ]


def test_a_block_of_every_address_holds_pods_whose_address_nobody_knows() -> None:
    everywhere = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}
    text = pod("web") + pod("db") + policy("out", podSelector=app("web"), policyTypes=["Egress"], egress=[everywhere])
    line = "shop/web[Pod] => shop/db[Pod] : All Connections"
    assert line not in _lines(text)
    assert line in _lines(text, assumptions_of_cni("calico"))
    some = text.replace("0.0.0.0/0", "10.0.0.0/8")
    assert line not in _lines(some, assumptions_of_cni("calico"))
    said = " ".join(caveat.text for caveat in ReachResult(unit_of(some), assumptions_of_cni("calico")).caveats)
    assert "by addresses that no manifest states" in said
    assert "by addresses that no manifest states" not in _caveats(some)


def test_an_administrators_networks_hold_pods_as_the_api_says() -> None:
    rule = "  egress: [{action: Deny, to: [{networks: [NETWORKS]}]}]\n"
    denied = pod("web") + pod("db") + ADMIN.replace("NAME", "closed").partition("  ingress")[0] + rule
    for networks, count in (("0.0.0.0/0", 0), ("0.0.0.0/1, 128.0.0.0/1", 0), ("0.0.0.0/1", 2), ("'::/0'", 2)):
        assert len(_between_pods(denied.replace("NETWORKS", networks))) == count, networks


def test_a_pod_of_the_host_network_is_met_at_its_nodes_address() -> None:
    rule = {"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}
    text = pod("agent", host_network=True, address="10.1.0.7") + pod("db") + policy("in", ingress=[rule])
    line = "shop/agent[Pod] => shop/db[Pod] : All Connections"
    assert line not in _lines(text)
    assert line in _lines(text, assumptions_of_cni("calico"))
    named = {"ports": [{"port": "http"}]}
    listening = pod("agent", host_network=True, ports=[{"name": "http", "containerPort": 80}])
    sending = listening + pod("db") + policy("out", policyTypes=["Egress"], egress=[named])
    assert not [one for one in _lines(sending) if one.startswith("shop/db[Pod] => shop/agent")]


def test_p12_a_namespace_that_reads_as_a_boolean_loses_no_other_document() -> None:
    text = (
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: y}\nspec: {containers: []}\n"
        + pod("db")
        + pod("app")
    )
    assert "shop/db[Pod] => shop/app[Pod] : All Connections" in _lines(text)


def test_p13_does_not_exist_on_a_key_that_no_pod_has_is_all_pods() -> None:
    selector = {"matchExpressions": [{"key": "nobody", "operator": "DoesNotExist"}]}
    assert _between_pods(pod("web") + pod("db") + policy("deny", podSelector=selector)) == []


def test_a_cni_that_obeys_no_policies_leaves_everything_open() -> None:
    text = pod("web") + pod("db") + policy("deny")
    assert _between_pods(text) == []
    assert len(_between_pods(text, assumptions_of_cni("flannel"))) == 2


def test_an_ingress_controller_in_the_unit_is_the_source_itself() -> None:
    controller = pod("web") + service("web", 80, 8080) + ingress("in", "web", 80, ingressClassName="nginx")
    nginx = pod("nginx", "ingress-nginx").replace('"app": "nginx"', '"app.kubernetes.io/name": "ingress-nginx"')
    assert "{ingress-controller} => shop/web[Pod] : TCP 8080" in _lines(controller)
    lines = _lines(controller + nginx)
    assert not [line for line in lines if "ingress-controller" in line]
    assert "ingress-nginx/nginx[Pod] => shop/web[Pod] : All Connections" in lines


def test_policies_close_an_entry() -> None:
    text = pod("web") + service("web", 80, 8080) + ingress("in", "web", 80)
    assert not [line for line in _lines(text + policy("deny")) if "ingress-controller" in line]


def test_pods_of_one_owner_that_a_selector_tells_apart_are_named_one_by_one() -> None:
    owner = '"ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web"}], '
    one, two = (pod(name).replace('"labels"', owner + '"labels"') for name in ("web-a", "web-b"))
    assert _between_pods(one + two) == []
    lines = _between_pods(one + two + pod("db") + policy("in", podSelector=app("web-a")))
    assert "shop/db[Pod] => shop/web-b[Pod] : All Connections" in lines
    assert not [line for line in lines if line.endswith("=> shop/web-a[Pod] : All Connections")]


@pytest.mark.parametrize(
    ("asked", "apart"),
    [
        ({"operator": "Exists"}, False),
        ({"operator": "In", "values": ["web-a", "web-b"]}, False),
        ({"operator": "NotIn", "values": ["db"]}, False),
        ({"operator": "In", "values": ["web-a", "db"]}, True),
    ],
)
def test_a_selector_that_means_all_pods_of_an_owner_does_not_tell_them_apart(
    asked: dict[str, Any], apart: bool
) -> None:
    owner = '"ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web"}], '
    one, two = (pod(name).replace('"labels"', owner + '"labels"') for name in ("web-a", "web-b"))
    peer = {"podSelector": {"matchExpressions": [{"key": "app", **asked}]}}
    policies = policy("in", podSelector={"matchLabels": {"role": "db"}}, ingress=[{"from": [peer]}])
    lines = " ".join(_between_pods(one + two + pod("db").replace('"app": "db"', '"role": "db"') + policies))
    assert ("shop/web[ReplicaSet]" in lines) is not apart
    assert ("shop/web-b[Pod]" in lines) is apart


def test_pods_of_one_owner_are_told_apart_by_address_only_where_a_block_does() -> None:
    owner = '"ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web"}], '
    one, two = (pod("web-" + end, address="10.0.0." + end).replace('"labels"', owner + '"labels"') for end in "12")
    block = {"from": [{"ipBlock": {"cidr": "CIDR"}}]}
    text = one + two + pod("db") + policy("in", ingress=[block])
    whole = _between_pods(text.replace("CIDR", "10.0.0.0/8"), assumptions_of_cni("calico"))
    assert "shop/web[ReplicaSet] => shop/db[Pod] : All Connections" in whole
    half = _between_pods(text.replace("CIDR", "10.0.0.2/32"), assumptions_of_cni("calico"))
    assert [line for line in half if line.endswith("=> shop/db[Pod] : All Connections")] == [
        "shop/web-2[Pod] => shop/db[Pod] : All Connections"
    ]


def test_an_unknown_label_matches_nothing_but_itself() -> None:
    text = pod("web") + pod("${NAME}") + policy("in", podSelector={"matchLabels": {"app": "${NAME}"}})
    lines = _between_pods(text)
    assert [line for line in lines if "=> shop/web[Pod]" in line]
    assert not [line for line in lines if "=> shop/${NAME}[Pod]" in line]
    assert "its label app is unknown" in _caveats(text)
    assert "a value of its selector is unknown" in _caveats(text)


def test_an_unknown_port_opens_nothing_and_is_said() -> None:
    rule = {"ports": [{"protocol": "TCP", "port": "PORT"}]}
    text = (pod("web") + pod("db") + policy("in", podSelector=app("db"), ingress=[rule])).replace("PORT", "${PORT}")
    assert not [line for line in _between_pods(text) if "=> shop/db" in line]
    assert "a port is unknown" in _caveats(text)


def test_exposure_names_peers_that_are_not_there() -> None:
    rule = {"from": [{"podSelector": app("nobody")}], "ports": [{"port": 80}]}
    text = exposure_text(find_exposure(ReachResult(unit_of(pod("web") + policy("in", ingress=[rule]))), EVERYTHING))
    assert "shop/web[Pod] \t<= \tshop/[pod with {app=nobody}] : TCP 80\n" in text
    assert "shop/web[Pod] is not protected on Egress\n" in text


def test_exposure_to_addresses_stands_beside_exposure_in_the_other_direction() -> None:
    closed_to_pods = pod("web") + ADMIN.replace("NAME", "deny")
    text = exposure_text(find_exposure(ReachResult(unit_of(closed_to_pods)), EVERYTHING))
    assert "shop/web[Pod] \t=> \tentire-cluster : All Connections\n" in text
    assert "shop/web[Pod] \t<= \t0.0.0.0-255.255.255.255[External] : All Connections\n" in text


def test_a_policy_may_choose_pods_of_a_statefulset_by_name() -> None:
    text = deployment("web", replicas=2).replace('"Deployment"', '"StatefulSet"') + pod("db")
    named = {"matchLabels": {"statefulset.kubernetes.io/pod-name": "web-1"}}
    lines = _between_pods(text + policy("in", podSelector=named))
    assert "shop/db[Pod] => shop/web-0[Pod] : All Connections" in lines
    assert not [line for line in lines if "=> shop/web-1" in line]
    assert "shop/db[Pod] => shop/web[StatefulSet] : All Connections" in _between_pods(text)


def test_the_pods_of_a_statefulset_are_numbered_from_its_first_ordinal() -> None:
    text = deployment("web", replicas=2).replace('"Deployment"', '"StatefulSet"')
    text = text.replace('"replicas": 2', '"replicas": 2, "ordinals": {"start": 3}') + pod("db")
    named = {"matchLabels": {"statefulset.kubernetes.io/pod-name": "web-4"}}
    lines = _between_pods(text + policy("in", podSelector=named))
    assert "shop/db[Pod] => shop/web-3[Pod] : All Connections" in lines
    assert not [line for line in lines if "=> shop/web-4" in line or "shop/web-0" in line]


def test_what_a_cni_does_not_support_it_leaves_out_and_that_is_said() -> None:
    ports = [{"protocol": "TCP", "port": 80, "endPort": 90}, {"protocol": "SCTP", "port": 7}]
    text = pod("web") + pod("db") + policy("in", podSelector=app("db"), ingress=[{"ports": ports}])
    lacking = Assumptions(lacking=frozenset({"endPort", "sctp"}))
    assert "shop/web[Pod] => shop/db[Pod] : SCTP 7,TCP 80-90" in _lines(text)
    assert "shop/web[Pod] => shop/db[Pod] : TCP 80" in _lines(text, lacking)
    typed = " ".join(caveat.text for caveat in ReachResult(unit_of(text), lacking).caveats)
    assert "does not support endPort" in typed
    assert "does not support sctp" in typed


def test_a_block_with_holes_is_ignored_as_a_whole_by_a_cni_without_except() -> None:
    block = {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}
    text = pod("db") + policy("in", ingress=[{"from": [{"ipBlock": block}]}])
    assert [line for line in _lines(text) if "=> shop/db[Pod]" in line]
    assert not [
        line for line in _lines(text, assumptions_of_cni("openshift-sdn-networkpolicy")) if "=> shop/db[Pod]" in line
    ]


def test_clients_behind_a_node_are_said_to_hide_their_address() -> None:
    block = {"from": [{"ipBlock": {"cidr": "172.16.120.0/24"}}]}
    text = pod("web") + policy("in", ingress=[block])
    assert "with a node's address" in _caveats(text + service("web", 80, 8080, type="NodePort"))
    local = service("web", 80, 8080, type="NodePort", externalTrafficPolicy="Local")
    assert "with a node's address" not in _caveats(text + local)
    assert "with a node's address" not in _caveats(pod("web") + service("web", 80, 8080, type="NodePort"))


ADMIN = """---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: NAME}
spec:
  priority: 5
  subject: {namespaces: {}}
  ingress: [{action: Deny, from: [{namespaces: {}}]}]
"""
BASELINE = ADMIN.replace("AdminNetworkPolicy", "BaselineAdminNetworkPolicy").replace("  priority: 5\n", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ADMIN + ADMIN.replace("NAME", "OTHER"), "which is evaluated first is undefined"),
        (ADMIN.replace("priority: 5", "priority: 1001"), "outside 0-1000"),
        (ADMIN.replace("from: [{namespaces: {}}]", "from: []"), "without peers is refused"),
        (ADMIN.replace("{namespaces: {}}]", "{namespaces: {}, pods: {}}]"), "of more than one kind"),
        (ADMIN.replace("{namespaces: {}}]", "{nobody: {}}]"), "fails closed"),
        (ADMIN.replace("Deny", "Drop"), "its action is unknown"),
        (ADMIN.replace("subject: {namespaces: {}}", "subject: {}"), "its subject or tier cannot be read"),
        (ADMIN.replace("subject: {namespaces: {}}", "subject: {namespaces: {}, pods: {}}"), "a subject of both kinds"),
        (BASELINE, "of another name than default"),
        (BASELINE.replace("NAME", "default").replace("Deny", "Pass"), "Pass is refused in the baseline"),
        (policy("in", ingress=[{"from": [{}]}]), "a peer without a field is refused"),
        (policy("in", ingress=[{"from": [{"ipBlock": {"cidr": "10/8"}}]}]), "no known range"),
        (policy("in", ingress=[{"ports": [{"port": "http", "endPort": 9}]}]), "beside a named port is refused"),
        (policy("in", ingress=[{"ports": [{"port": 9, "endPort": 8}]}]), "below its port is refused"),
        (policy("in", ingress=[{"ports": [{"port": 70000}]}]), "outside 1-65535"),
        (policy("in") + policy("in", policyTypes=["Ingress"]), "it is defined again later"),
    ],
)
def test_what_a_server_would_refuse_is_said_and_nothing_else_is_lost(text: str, said: str) -> None:
    assert said in _caveats(pod("web") + text)
    assert _lines(pod("web") + text + pod("other", "elsewhere"))


def test_a_peer_of_no_known_field_fails_closed() -> None:
    assert len(_between_pods(pod("web") + pod("db") + ADMIN.replace("{namespaces: {}}]", "{nobody: {}}]"))) == 0
    allowing = ADMIN.replace("{namespaces: {}}]", "{nobody: {}}]").replace("Deny", "Allow")
    assert len(_between_pods(pod("web") + pod("db") + policy("deny") + allowing)) == 0


def test_one_pod_says_of_another_tier_what_the_api_says() -> None:
    cluster = (
        ADMIN.replace("v1alpha1", "v1alpha2")
        .replace("kind: Admin", "kind: Cluster")
        .replace("  priority", "  tier: Admin\n  priority")
    )
    assert len(_between_pods(pod("web") + pod("db") + cluster)) == 0
    baseline = cluster.replace("tier: Admin", "tier: Baseline")
    assert len(_between_pods(pod("web") + pod("db") + baseline)) == 0
    open_policy = policy("open", ingress=[{}])
    assert len(_between_pods(pod("web") + pod("db") + baseline + open_policy)) == 2
    assert len(_between_pods(pod("web") + pod("db") + cluster + open_policy)) == 0


def test_a_block_has_holes_where_it_says_so() -> None:
    block = {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}
    lines = _lines(pod("db") + policy("in", ingress=[{"from": [{"ipBlock": block}]}]))
    sources = [line.partition(" => ")[0] for line in lines if "=> shop/db[Pod]" in line]
    assert sources == ["10.0.0.0-10.0.255.255[External]", "10.2.0.0-10.255.255.255[External]"]


@pytest.mark.parametrize(
    ("stated", "inside"),
    [
        ({"ingressClassName": "nginx"}, True),
        ({"ingressClassName": "traefik"}, False),
        ({"ingressClassName": "public"}, True),
        ({"ingressClassName": "other"}, False),
        ({}, True),
    ],
)
def test_the_class_of_an_ingress_says_which_controller_serves_it(stated: dict[str, str], inside: bool) -> None:
    classes = "".join(
        f"---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {{name: {name}}}\n"
        f"spec: {{controller: {controller}}}\n"
        for name, controller in (("public", "k8s.io/ingress-nginx"), ("other", "example.com/unknown"))
    )
    nginx = pod("nginx", "ingress-nginx").replace('"app": "nginx"', '"app.kubernetes.io/name": "ingress-nginx"')
    lines = _lines(nginx + classes + pod("web") + service("web", 80, 8080) + ingress("in", "web", 80, **stated))
    assert ("{ingress-controller} => shop/web[Pod] : TCP 8080" not in lines) is inside


def test_a_named_port_that_the_cni_reads_as_any() -> None:
    named = policy("in", podSelector=app("db"), ingress=[{"ports": [{"protocol": "TCP", "port": "sql"}]}])
    text = pod("web") + pod("db", ports=[{"name": "sql", "containerPort": 5432}]) + named
    assert "shop/web[Pod] => shop/db[Pod] : TCP 5432" in _lines(text)
    lacking = Assumptions(lacking=frozenset({"namedPorts"}))
    assert "shop/web[Pod] => shop/db[Pod] : TCP 1-65535" in _lines(text, lacking)


def test_policies_of_administrators_that_the_cni_does_not_read() -> None:
    rule = {"action": "Deny", "from": [{"namespaces": {}}]}
    text = pod("web") + pod("db") + admin_policy(ingress=[rule])
    assert not _between_pods(text)
    assert "shop/web[Pod] => shop/db[Pod] : All Connections" in _between_pods(text, assumptions_of_cni("cilium"))
    assert not _between_pods(text, assumptions_of_cni("calico", "3.30"))
