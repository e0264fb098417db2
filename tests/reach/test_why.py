"""The tree of `why`, and the edits it offers: each, done as it says, changes the answer about the pair and no other."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from tests.reach.samples import app, deployment, ingress, pod, policy, service
from tests.reach.world import unit_of, unit_of_objects

from kubeqed.diagnostic import list_some
from kubeqed.reach.algebra.ports import ALL, EMPTY, PortSet, difference, make_ports, union
from kubeqed.reach.query.answer import EVERYTHING, ReachResult
from kubeqed.reach.query.decision import PairVerdict, decide_pair
from kubeqed.reach.query.pairs import list_pairs
from kubeqed.reach.query.target import MANY, AmbiguousError, NoWayError
from kubeqed.reach.remedy import PolicyEdit, find_edits
from kubeqed.reach.remedy.manifest import CONTROLLER_NAMESPACE
from kubeqed.report.why.formats.text import verdict_tree

PODS = pod("web") + pod("db") + pod("out", "other")
WEB, DB = "shop/web[Pod]", "shop/db[Pod]"
TCP_80 = make_ports("TCP", 80, 80)
DECLARED = pod("web") + pod("db", ports=[{"containerPort": 5432}, {"containerPort": 53, "protocol": "UDP"}])
DENY_ADMIN = """---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: strict}
spec:
  priority: 5
  subject: {namespaces: {}}
  ingress: [{name: nobody, action: Deny, from: [{namespaces: {}}]}]
"""
CLUSTER_ADMIN = (
    DENY_ADMIN.replace("v1alpha1", "v1alpha2").replace("Admin", "Cluster").replace("spec:", "spec:\n  tier: Admin")
)
BASELINE = DENY_ADMIN.replace("AdminNetworkPolicy", "BaselineAdminNetworkPolicy").replace("  priority: 5\n", "")
OWN_BASELINE = BASELINE.replace(
    "{namespaces: {}}\n", "{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}\n"
)


def _asked(
    manifests: str, source: str = "web", destination: str = "db", asked: PortSet = TCP_80
) -> tuple[PairVerdict, tuple[PolicyEdit, ...]]:
    answer = ReachResult(unit_of(manifests))
    decided = decide_pair(answer, source, destination, asked)
    assert decided is not None
    return decided, find_edits(answer, decided)


def _decided(manifests: str, source: str = "web", destination: str = "db", asked: PortSet = TCP_80) -> PairVerdict:
    return _asked(manifests, source, destination, asked)[0]


def _edits(
    manifests: str, source: str = "web", destination: str = "db", asked: PortSet = TCP_80
) -> tuple[PolicyEdit, ...]:
    return _asked(manifests, source, destination, asked)[1]


def _why(manifests: str, source: str = "web", destination: str = "db", asked: PortSet = TCP_80) -> str:
    return verdict_tree(*_asked(manifests, source, destination, asked))


def _edit(text: str) -> str:
    """What is said of edits: headings, and the YAML below each."""
    start = re.search("^  to (allow|forbid): ", text, re.MULTILINE)
    assert start is not None
    return text[start.start() :].rstrip()


def _blocks(text: str) -> list[Any]:
    """The YAML of each edit, read back."""
    parts = re.split(r"^  \S.*:\n", _edit(text) + "\n", flags=re.MULTILINE)[1:]
    return [YAML(typ="safe").load(part) for part in parts]


def _rule(*sources: str, port: int | None = None) -> dict[str, Any]:
    listed = {"ports": [{"protocol": "TCP", "port": port}]} if port else {}
    return {"from": [{"podSelector": app(source)} for source in sources], **listed}


def _objects(manifests: str) -> list[dict[str, Any]]:
    return [item for item in YAML(typ="safe").load_all(manifests) if item]


def _done(manifests: str, edits: tuple[PolicyEdit, ...]) -> list[dict[str, Any]]:
    """The objects after the edits, each done by the letter."""
    objects = copy.deepcopy(_objects(manifests))
    for edit in edits:
        if edit.operation == "create":
            objects.append(edit.value)
            continue
        assert edit.object is not None
        item = next(
            one for one in objects if (one["kind"], one["metadata"]["name"]) == (edit.object.kind, edit.object.name)
        )
        steps = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", edit.path)]
        node: Any = item
        for step in steps[:-1]:
            node = node[step]
        if edit.operation == "add":
            node[steps[-1]] = [*node.get(steps[-1], []), *edit.value]
        elif edit.operation == "insert":
            node[steps[-1] : steps[-1]] = edit.value
        else:
            del node[steps[-1]]
    return objects


def _pairs(answer: ReachResult) -> dict[tuple[str, str], PortSet]:
    return {
        (source, target): found
        for source, target, found in list_pairs(answer, EVERYTHING)
        if "External" not in source and "External" not in target
    }


OPENED = {
    "a port in the rule for the peer": PODS + policy("in", podSelector=app("db"), ingress=[_rule("web", port=443)]),
    "a rule that means others too": PODS + policy("in", podSelector=app("db"), ingress=[_rule("web", "x", port=443)]),
    "a peer in the rule for the port": PODS + policy("in", podSelector=app("db"), ingress=[_rule("x", port=80)]),
    "a rule for more ports": PODS + policy("in", podSelector=app("db"), ingress=[_rule("x")]),
    "a policy without rules": PODS + policy("in", podSelector=app("db"), ingress=[]),
    "a policy for all pods": PODS + policy("deny"),
    "both sides": PODS + policy("deny", policyTypes=["Ingress", "Egress"]),
    "policies of each": PODS
    + policy("in", podSelector=app("db"), policyTypes=["Ingress"])
    + policy("out", podSelector=app("web"), policyTypes=["Egress"]),
    "an administrator": PODS + DENY_ADMIN,
    "an administrator of the cluster": PODS + CLUSTER_ADMIN,
    "a baseline for the pod": PODS + OWN_BASELINE,
    "labels that look like other values": pod("web").replace('"app": "web"', '"app": "true", "n": "1e3", "ü": "a: b"')
    + pod("db")
    + policy("deny"),
    "declared ports": DECLARED + pod("x") + policy("deny"),
    "alike but for a label": PODS + pod("web2").replace('"app": "web2"', '"app": "web2", "tier": "x"') + policy("deny"),
}


def _is_closed(manifests: str) -> bool:
    return not _decided(manifests, asked=ALL).found.allowed


CASES = [
    (name, asked) for name, text in OPENED.items() for asked in (TCP_80, ALL) if asked == TCP_80 or _is_closed(text)
]


@pytest.mark.parametrize(("name", "asked"), CASES, ids=[f"{name}-{len(asked)}" for name, asked in CASES])
def test_what_opens_the_pair_opens_nothing_else(name: str, asked: PortSet) -> None:
    manifests = OPENED[name]
    offered = _edits(manifests, asked=asked)
    assert not any(edit.text for edit in offered)
    before = ReachResult(unit_of_objects(_objects(manifests)))
    after = ReachResult(unit_of_objects(_done(manifests, offered)))
    opened = asked
    if asked == ALL and '"containerPort": 5432' in manifests:
        opened = union(make_ports("TCP", 5432, 5432), make_ports("UDP", 53, 53))
    pair = ("shop/web[Pod]", "shop/db[Pod]")
    was, now = _pairs(before), _pairs(after)
    assert difference(opened, was.get(pair, EMPTY))
    assert now == {**was, pair: union(was.get(pair, EMPTY), opened)}
    assert _blocks(_why(manifests, asked=asked)) == [edit.value for edit in offered]
    assert {edit.purpose for edit in offered} == {"allow"}


@pytest.mark.parametrize(("source", "other"), [("10.0.0.1", "10.0.0.2"), ("10.0.0.0/8", "11.0.0.1"), ("::1", "::2")])
def test_an_address_is_let_in_and_no_other(source: str, other: str) -> None:
    block = {"from": [{"ipBlock": {"cidr": "fd00::/8"}}]}
    manifests = PODS + policy("in", podSelector=app("db"), ingress=[block])
    done = unit_of_objects(_done(manifests, _edits(manifests, source)))
    for asked, allowed in ((source, TCP_80), (other, EMPTY)):
        found = decide_pair(ReachResult(done), asked, "db", TCP_80)
        assert found is not None
        assert difference(TCP_80, difference(TCP_80, found.found.allowed)) == allowed


def test_what_is_added_to_is_what_speaks_of_the_pair_alone() -> None:
    assert _edit(_why(OPENED["a port in the rule for the peer"])) == (
        "  to allow: add this to spec.ingress[0].ports of NetworkPolicy shop/in, manifests.yaml:8:\n"
        "      - {protocol: TCP, port: 80}"
    )
    assert _edit(_why(OPENED["a peer in the rule for the port"])) == (
        "  to allow: add this to spec.ingress[0].from of NetworkPolicy shop/in, manifests.yaml:8:\n"
        "      - podSelector: {matchLabels: {app: web}}"
    )
    assert _edit(_why(OPENED["a policy without rules"])) == (
        "  to allow: add this to spec.ingress of NetworkPolicy shop/in, manifests.yaml:8:\n"
        "      - from:\n"
        "          - podSelector: {matchLabels: {app: web}}\n"
        "        ports:\n"
        "          - {protocol: TCP, port: 80}"
    )
    assert _edit(_why(OPENED["a policy for all pods"])).startswith(
        "  to allow: add this object, beside NetworkPolicy shop/deny, manifests.yaml:8:\n"
        "      apiVersion: networking.k8s.io/v1\n"
        "      kind: NetworkPolicy\n"
    )


def test_a_peer_of_another_namespace_is_named_with_it() -> None:
    text = _why(OPENED["a peer in the rule for the port"], source="other/out")
    spaces = {"matchLabels": {"kubernetes.io/metadata.name": "other"}}
    assert _blocks(text) == [[{"namespaceSelector": spaces, "podSelector": app("out")}]]


def test_an_administrators_denial_names_its_rule() -> None:
    text = _why(PODS + DENY_ADMIN)
    assert "AdminNetworkPolicy strict, ingress[0] (nobody), denies TCP 80  manifests.yaml:" in text
    assert _edit(text).startswith("  to allow: add this object, beside AdminNetworkPolicy strict, manifests.yaml:")
    assert _blocks(text)[0]["apiVersion"] == "policy.networking.k8s.io/v1alpha1"
    own = _edit(_why(PODS + OWN_BASELINE))
    assert own.startswith("  to allow: put this before spec.ingress[0] of BaselineAdminNetworkPolicy strict, ")
    assert _blocks(own)[0][0]["action"] == "Allow"
    assert "(it allows this to every pod that the policy selects):" in _edit(_why(PODS + BASELINE))


def test_what_cannot_be_exact_is_said() -> None:
    alike = deployment("a") + deployment("b").replace('"app": "b"', '"app": "a"') + pod("db") + policy("deny")
    assert "(the labels of shop/a[Deployment] are those of 1 more)" in _edit(_why(alike, source="a"))
    bare = pod("web") + pod("db").replace(', "labels": {"app": "db"}', "") + policy("deny")
    assert "shop/db[Pod] has no labels: give it one" in _edit(_why(bare))
    host = pod("web", host_network=True) + pod("db") + policy("deny")
    assert "only an ipBlock of the nodes' addresses means them" in _edit(_why(host))


def test_a_rule_of_the_newer_api_accepts() -> None:
    (edit,) = _edits(PODS + CLUSTER_ADMIN)
    assert edit.operation == "create"
    assert [rule["action"] for rule in edit.value["spec"]["ingress"]] == ["Accept"]
    (older,) = _edits(PODS + DENY_ADMIN)
    assert [rule["action"] for rule in older.value["spec"]["ingress"]] == ["Allow"]


@pytest.mark.parametrize("admin", [DENY_ADMIN, BASELINE.replace("strict", "default")])
def test_what_an_administrator_allows_takes_a_denial_to_close(admin: str) -> None:
    allowing = admin.replace("Deny, from", "Allow, ports: [{portNumber: {protocol: TCP, port: 80}}], from")
    (edit,) = _edits(PODS + allowing)
    assert (edit.operation, edit.path, edit.text) == (
        "advice",
        "spec.ingress[0]",
        "put a rule that denies this before the one that allows it",
    )
    (edit,) = _edits(PODS + allowing, asked=make_ports("TCP", 80, 81))
    assert edit.text == (
        "put a rule that denies TCP 80 before the one that allows it; other rules decide about the rest"
    )


def test_an_administrators_policy_that_selects_others_too_says_so() -> None:
    twin = pod("twin").replace('"labels": {"app": "twin"}', '"labels": {"app": "db", "role": "standby"}')
    (edit,) = _edits(PODS + twin + DENY_ADMIN)
    assert edit.operation == "create"
    assert edit.text == "the labels of shop/db[Pod] are those of 1 more"


def test_no_policy_is_offered_for_pods_of_the_host_network() -> None:
    (edit,) = _edits(pod("web", host_network=True) + pod("db", host_network=True))
    assert edit.operation == "advice"
    assert "no policy governs them" in edit.text
    (edit,) = _edits(pod("web") + pod("db", host_network=True))
    assert (edit.operation, edit.value["spec"]["policyTypes"]) == ("create", ["Egress"])


def test_what_is_open_names_what_would_close_it() -> None:
    said = "nothing isolates shop/db[Pod]: this forbids all that it receives"
    assert _edit(_why(PODS)).startswith(f"  to forbid: add this object ({said}):\n")
    assert _blocks(_why(PODS))[0]["metadata"] == {"name": "deny-ingress-db", "namespace": "shop"}
    one = _rule("web", port=80)
    removed = "  to forbid: remove spec.ingress[0] of NetworkPolicy shop/in, manifests.yaml:8"
    assert _edit(_why(PODS + policy("in", podSelector=app("db"), ingress=[one]))) == removed
    every = _rule("web")
    assert "  to forbid: restrict the rule that alone allows TCP 80: spec.ingress[0] of" in _edit(
        _why(PODS + policy("in", podSelector=app("db"), ingress=[every]))
    )
    all_pods = policy("in", podSelector=app("db"), ingress=[{"from": [{"podSelector": {}}]}])
    cut = "(its removal also cuts off shop/more[Pod])"
    said = f"  to forbid: restrict the rule that alone allows TCP 80 {cut}: spec.ingress[0] of"
    assert said in _edit(_why(PODS + pod("more") + all_pods))
    text = _why(PODS + policy("in", podSelector=app("db"), ingress=[one, every]))
    assert "each of the 2 rules that allow it would have to go" in _edit(text)


@pytest.mark.parametrize(
    "manifests", [PODS, PODS + policy("in", podSelector=app("db"), ingress=[_rule("web", port=80), _rule("x", port=7)])]
)
def test_what_closes_the_pair_opens_nothing(manifests: str) -> None:
    done = _done(manifests, _edits(manifests))
    now, was = _pairs(ReachResult(unit_of_objects(done))), _pairs(ReachResult(unit_of_objects(_objects(manifests))))
    assert ("shop/web[Pod]", "shop/db[Pod]") not in now
    assert all(not difference(found, was.get(pair, EMPTY)) for pair, found in now.items())


@given(st.data())
def test_what_closes_a_pair_names_whom_else_it_cuts_off(data: st.DataObject) -> None:
    """Every pair that the removal of a rule costs is named, or the asked one, and no other is."""
    names = ["web", "db", "x", "y"]
    alike = data.draw(st.sampled_from(["web", "y"]))  # a pod that may look like another
    manifests = "".join(map(pod, names)) + pod("twin").replace('"app": "twin"', f'"app": "{alike}"')
    sources = st.lists(st.sampled_from(names), max_size=3, unique=True)
    for number in range(data.draw(st.integers(1, 3))):
        rules = [_rule(*data.draw(sources), port=80) for _ in range(data.draw(st.integers(1, 2)))]
        selected = data.draw(st.sampled_from([{}, app("db"), app("web")]))
        manifests += policy(f"p{number}", podSelector=selected, ingress=rules)
    objects = _objects(manifests)
    for edit in _edits(manifests):
        if edit.operation == "remove":
            now, was = (
                _pairs(ReachResult(unit_of_objects(_done(manifests, (edit,))))),
                _pairs(ReachResult(unit_of_objects(objects))),
            )
            lost = {pair for pair, found in was.items() if difference(found, now.get(pair, EMPTY))}
            others = {one if two == DB else f"{one} => {two}" for one, two in lost - {(WEB, DB)}}
            assert (WEB, DB) in lost
            assert edit.text == (f"this also cuts off {list_some(sorted(others), MANY)}" if others else "")


def test_a_new_policy_says_that_it_forbids_everything() -> None:
    twin = pod("twin").replace('"labels": {"app": "twin"}', '"labels": {"app": "db", "role": "standby"}')
    (edit,) = _edits(PODS + twin)
    assert edit.text == (
        "nothing isolates shop/db[Pod]: this forbids all that it receives; the labels of shop/db[Pod] are those of 1 more"
    )


def test_the_controllers_way_is_shown() -> None:
    text = _why(pod("web") + service("web", 80, 8080) + ingress("in", "web", 80), "ingress-controller", "web", ALL)
    assert "{ingress-controller} => shop/web[Pod] on TCP 8080: allowed" in text
    assert "Ingress shop/in leads to it through Service shop/web on TCP 8080  manifests.yaml:" in text


ENTERED = pod("web") + service("web", 80, 8080) + ingress("in", "web", 80)


def test_a_controller_that_policies_keep_out_is_told_so() -> None:
    manifests = ENTERED + policy("in", podSelector=app("web"), ingress=[])
    text = _why(manifests, "ingress-controller", "web", ALL)
    assert "{ingress-controller} => shop/web[Pod] on TCP 8080: denied" in text
    assert f"name: {CONTROLLER_NAMESPACE}" in _edit(text)


@pytest.mark.parametrize(
    ("manifests", "source", "destination", "said"),
    [
        (PODS, "ingress-controller", "db", "no Ingress, Route or route of a Gateway is in the input"),
        (PODS, "gateway", "db", "no Ingress, Route or route of a Gateway is in the input"),
        (PODS + ingress("in", "nobody", 80), "ingress-controller", "db", "leads to a pod of the input"),
        (ENTERED, "web", "ingress-controller", "only sends: name it as SRC"),
        (
            ENTERED + pod("nginx").replace('"app": "nginx"', '"app.kubernetes.io/name": "ingress-nginx"'),
            "ingress-controller",
            "web",
            "the ingress controller is in the input: ask about shop/nginx[Pod]",
        ),
        (PODS + service("none", 80, 8080), "web", "none", "Service shop/none selects no pods of the input"),
        (
            PODS + service("far", 80, 80, selector=None, type="ExternalName", externalName="db.example.com"),
            "web",
            "far",
            "is another name of db.example.com",
        ),
        (PODS + service("far", 80, 80, selector=None), "web", "far", "selects no pods, and no EndpointSlice lists"),
        (PODS + service("db", 443, 8443), "web", "db[Service]", "has no such port: it has TCP 443"),
    ],
)
def test_why_nothing_is_sent_there_is_said(manifests: str, source: str, destination: str, said: str) -> None:
    with pytest.raises(NoWayError, match=re.escape(said)):
        _decided(manifests, source, destination)


def test_a_service_whose_target_port_is_misspelt_still_selects_its_pods() -> None:
    text = _why(PODS + service("db", 80, "http"), destination="db[Service]")
    assert text.startswith("shop/web[Pod] => shop/db[Pod]: allowed on all ports")
    assert "selects shop/db[Pod], but no port of theirs is called http: nothing is sent through it" in text


def test_a_service_of_several_namespaces_is_asked_for_with_one() -> None:
    twice = service("far", 80, 80) + service("far", 80, 80).replace('"namespace": "shop"', '"namespace": "other"')
    with pytest.raises(AmbiguousError, match=re.escape("other/far[Service], shop/far[Service]")):
        _decided(PODS + twice, destination="far")


@pytest.mark.parametrize(
    ("source", "destination"),
    [("external", "external"), ("10.0.0.1", "10.0.0.2"), ("::1", "external"), ("ingress-controller", "external")],
)
def test_what_no_pod_takes_part_in_is_no_question(source: str, destination: str) -> None:
    with pytest.raises(NoWayError, match="neither end is a pod of the input"):
        _decided(ENTERED, source, destination, ALL)


def test_a_workload_may_be_called_as_the_controller_is() -> None:
    assert _why(PODS + pod("gateway"), "gateway").startswith("shop/gateway[Pod] => shop/db[Pod] on TCP 80: allowed")


def test_a_service_without_pods_leads_to_the_addresses_that_are_listed_for_it() -> None:
    listed = """---
apiVersion: v1
kind: Endpoints
metadata: {name: far, namespace: shop}
subsets: [{addresses: [{ip: 192.0.2.7}], ports: [{port: 5432}]}]
"""
    manifests = PODS + service("far", 80, 5432, selector=None) + listed
    assert _why(manifests, destination="far").startswith("shop/web[Pod] => 192.0.2.7 on TCP 5432: allowed")
    closed = manifests + policy("out", podSelector=app("web"), policyTypes=["Egress"])
    (added,) = _blocks(_why(closed, destination="far"))
    assert added[0]["to"] == [{"ipBlock": {"cidr": "192.0.2.7/32"}}]


def test_a_port_of_a_service_of_the_same_name_is_spoken_of() -> None:
    assert "leads to TCP 8080: ask for db[Service]" in _why(PODS + service("db", 80, 8080))
    assert "ask for" not in _why(PODS + service("db", 80, 80))


NODE_PORT = service("web", 80, 8080, type="NodePort")
OFFICE = policy("office", podSelector=app("web"), ingress=[{"from": [{"ipBlock": {"cidr": "192.0.2.0/24"}}]}])


@pytest.mark.parametrize("destination", ["web", "web[Service]"])
def test_a_client_that_is_hidden_behind_a_node_is_said_to_be(destination: str) -> None:
    manifests = pod("web") + OFFICE
    assert "arrive with a node's address" in _why(manifests + NODE_PORT, "192.0.2.1", destination, ALL)
    kept = NODE_PORT.replace('"type"', '"externalTrafficPolicy": "Local", "type"')
    assert "arrive with a node's address" not in _why(manifests + kept, "192.0.2.1", destination, ALL)
    assert "arrive with a node's address" not in _why(manifests + NODE_PORT + pod("db"), "db", destination, ALL)


def test_addresses_of_several_answers_are_told_apart() -> None:
    text = _why(pod("web") + OFFICE, "external", "web", ALL)
    assert text.startswith("0.0.0.0/0 except 192.0.2.0/24 => shop/web[Pod]: denied")
    assert "192.0.2.0/24 gets another answer: allowed on all ports" in text
    assert _why(pod("web"), "external", "web", ALL).startswith("0.0.0.0/0 => shop/web[Pod]: allowed on all ports")


def test_pods_of_one_service_that_get_different_answers_are_told_apart() -> None:
    other = pod("old").replace('"app": "old"', '"app": "db", "v": "1"')
    blocked = policy("in", podSelector={"matchLabels": {"v": "1"}}, ingress=[])
    text = _why(PODS + other + blocked + service("db", 80, 80), destination="db[Service]")
    assert "shop/old[Pod] gets another answer: denied" in text


def test_what_the_answer_leaves_open_about_the_pair_goes_with_it() -> None:
    manifests = (
        PODS
        + policy("in", podSelector=app("db"), ingress=[{"from": [{}]}])
        + policy("x", "other", ingress=[{"from": [{}]}])
    )
    (caveat,) = _decided(manifests).caveats
    assert caveat.subject == "NetworkPolicy shop/in"


def test_a_pod_reaches_itself_whatever_policies_say() -> None:
    assert "traffic to itself" in _why(PODS + policy("deny"), "db", "db")


@pytest.mark.parametrize("name", ["nobody", "shop/nobody", "10.0.0"])
def test_a_name_that_means_nobody_has_no_answer(name: str) -> None:
    assert decide_pair(ReachResult(unit_of(PODS)), "web", name, ALL) is None


def test_however_many_policies_there_are_it_is_at_most_forty_lines() -> None:
    many = "".join(policy(f"in-{number}", policyTypes=["Ingress", "Egress"]) for number in range(100))
    text = _why(PODS + many)
    assert len(_without_edits(text)) <= 40
    assert "and 87 more policies" in text
    assert json.dumps(text) == json.dumps(_why(PODS + many))
    entries = "".join(ingress(f"in-{number}", "web", 80) for number in range(100))
    text = _why(pod("web") + service("web", 80, 8080) + entries + many, "ingress-controller", "web", ALL)
    assert len(_without_edits(text)) <= 40
    assert "and 96 more ways and caveats" in text


def _without_edits(text: str) -> list[str]:
    return text.removesuffix(f"{_edit(text)}\n").splitlines()


@pytest.mark.parametrize(("more", "kept"), [({}, True), ({"policyTypes": ["Egress"]}, False)])
def test_a_last_egress_rule_is_not_removed_without_stating_the_types(more: dict[str, Any], kept: bool) -> None:
    rule = {"to": [{"podSelector": app("db")}], "ports": [{"port": 80}]}
    isolated = policy("in", podSelector=app("db"), ingress=[{}]) + policy("in2", podSelector=app("db"), ingress=[{}])
    out = policy("out", podSelector=app("web"), egress=[rule], **more)
    line = _edit(_why(PODS + isolated + out))
    assert ("policyTypes" in line) == kept, line
