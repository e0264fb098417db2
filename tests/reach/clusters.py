"""Small clusters, drawn at random: two or three namespaces, a few pods, policies of every kind."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Manifest = dict[str, Any]

SPACES = ("north", "south", "west")
KEYS = ("app", "tier")
VALUES = ("web", "db", "x")
PROTOCOLS = ("TCP", "UDP", "SCTP")
NUMBERS = (53, 80, 81, 443, 9000)
NAMES = ("http", "dns")
CIDRS = ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "203.0.113.0/24", "::/0", "2001:db8::/32")
HOLES = {
    "0.0.0.0/0": "10.0.0.0/8",
    "10.0.0.0/8": "10.1.0.0/16",
    "::/0": "2001:db8::/32",
    "2001:db8::/32": "2001:db8:1::/48",
}
PODS = ("10.1.2.3", "10.1.9.9", "10.2.0.1", "2001:db8::1", "2001:db8:1::1")
OUTSIDE = ("10.1.7.7", "198.51.100.1", "203.0.113.9", "2001:db8::99", "2001:db9::1")

protocols = st.sampled_from(PROTOCOLS)
numbers = st.sampled_from(NUMBERS)
names = st.sampled_from(NAMES)
labels = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=2)
space_labels = st.dictionaries(st.sampled_from(("env", "team")), st.sampled_from(("a", "b")), max_size=2)


def _expressions(keys: tuple[str, ...], values: tuple[str, ...]) -> st.SearchStrategy[Manifest]:
    some = st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
    valued = st.fixed_dictionaries(
        {"key": st.sampled_from(keys), "operator": st.sampled_from(("In", "NotIn")), "values": some}
    )
    bare = st.fixed_dictionaries(
        {"key": st.sampled_from(keys), "operator": st.sampled_from(("Exists", "DoesNotExist"))}
    )
    return valued | bare


def _selectors(keys: tuple[str, ...], values: tuple[str, ...]) -> st.SearchStrategy[Manifest]:
    plain = st.dictionaries(st.sampled_from(keys), st.sampled_from(values), min_size=1, max_size=1)
    return st.one_of(
        st.just({}),
        plain.map(lambda one: {"matchLabels": one}),
        st.lists(_expressions(keys, values), min_size=1, max_size=2).map(lambda one: {"matchExpressions": one}),
    )


pod_selectors = _selectors(KEYS, VALUES)
space_selectors = _selectors(("env", "team", "kubernetes.io/metadata.name"), ("a", "b", "north"))

container_ports = st.lists(
    st.fixed_dictionaries({"name": names, "containerPort": numbers, "protocol": protocols}),
    max_size=3,
    unique_by=lambda port: (port["name"], port["protocol"]),
)


@st.composite
def pods(draw: st.DrawFn) -> list[Manifest]:
    """Two to four pods, each with an address of its own; now and then one in the host network, one with a sidecar."""
    found = []
    for number, address in enumerate(draw(st.permutations(PODS))[: draw(st.integers(2, 4))]):
        spec: Manifest = {"containers": [{"name": "c", "image": "x", "ports": draw(container_ports)}]}
        if draw(st.integers(0, 4)) == 0:
            spec["hostNetwork"] = True
        if draw(st.integers(0, 3)) == 0:
            always = draw(st.sampled_from(({}, {"restartPolicy": "Always"})))
            side = draw(st.fixed_dictionaries({"name": names, "containerPort": numbers}))
            spec["initContainers"] = [{"name": "i", "image": "x", "ports": [side], **always}]
        metadata = {"name": f"p{number}", "namespace": draw(st.sampled_from(SPACES)), "labels": draw(labels)}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": {"podIP": address}}
        found.append(pod)
    return found


ports = st.one_of(
    st.fixed_dictionaries({"protocol": protocols}),
    st.fixed_dictionaries({"port": numbers}),
    st.fixed_dictionaries({"protocol": protocols, "port": numbers}),
    st.fixed_dictionaries({"protocol": protocols, "port": names}),
    st.fixed_dictionaries({"protocol": protocols, "port": st.just(80), "endPort": st.sampled_from((80, 81, 500))}),
)
blocks = st.sampled_from(CIDRS).flatmap(
    lambda cidr: (
        st.just({"cidr": cidr}) | st.just({"cidr": cidr, **({"except": [HOLES[cidr]]} if cidr in HOLES else {})})
    )
)
peers = st.one_of(
    pod_selectors.map(lambda one: {"podSelector": one}),
    space_selectors.map(lambda one: {"namespaceSelector": one}),
    st.fixed_dictionaries({"podSelector": pod_selectors, "namespaceSelector": space_selectors}),
    blocks.map(lambda one: {"ipBlock": one}),
)


def _rules(key: str) -> st.SearchStrategy[list[Manifest]]:
    rule = st.fixed_dictionaries({}, optional={key: st.lists(peers, max_size=2), "ports": st.lists(ports, max_size=2)})
    return st.lists(rule, max_size=2)


@st.composite
def networkpolicies(draw: st.DrawFn) -> list[Manifest]:
    """Up to three NetworkPolicies."""
    found = []
    for number in range(draw(st.integers(0, 3))):
        spec: Manifest = {"podSelector": draw(pod_selectors)}
        spec |= draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "ingress": _rules("from"),
                    "egress": _rules("to"),
                    "policyTypes": st.sampled_from((["Ingress"], ["Egress"], ["Ingress", "Egress"], [])),
                },
            )
        )
        metadata = {"name": f"np{number}", "namespace": draw(st.sampled_from(SPACES))}
        found.append(
            {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}
        )
    return found


selections = st.one_of(
    space_selectors.map(lambda one: {"namespaces": one}),
    st.fixed_dictionaries({"namespaceSelector": space_selectors, "podSelector": pod_selectors}).map(
        lambda one: {"pods": one}
    ),
)
networks = st.lists(st.sampled_from(CIDRS), min_size=1, max_size=2).map(lambda one: {"networks": one})
old_ports = st.one_of(
    st.fixed_dictionaries({"portNumber": st.fixed_dictionaries({"protocol": protocols, "port": numbers})}),
    protocols.map(lambda one: {"portRange": {"protocol": one, "start": 80, "end": 443}}),
    names.map(lambda one: {"namedPort": one}),
)
new_ports = st.one_of(
    st.tuples(protocols, numbers).map(lambda one: {one[0].lower(): {"destinationPort": {"number": one[1]}}}),
    protocols.map(lambda one: {one.lower(): {"destinationPort": {"range": {"start": 80, "end": 443}}}}),
    names.map(lambda one: {"destinationNamedPort": one}),
)


def _ordered(way: str, actions: tuple[str, ...], key: str, some: st.SearchStrategy[Manifest]) -> Any:
    who = selections if way == "ingress" else selections | networks
    rule = st.fixed_dictionaries(
        {
            "action": st.sampled_from(actions),
            "from" if way == "ingress" else "to": st.lists(who, min_size=1, max_size=2),
        },
        optional={key: st.lists(some, min_size=1, max_size=2)},
    )
    return st.lists(rule, max_size=3)


@st.composite
def adminpolicies(draw: st.DrawFn) -> list[Manifest]:
    """Policies of administrators, of the old API or of the new one, each with a priority of its own."""
    group, found = "policy.networking.k8s.io", []
    old = draw(st.booleans())
    key, some = ("ports", old_ports) if old else ("protocols", new_ports)
    actions = ("Allow", "Deny", "Pass") if old else ("Accept", "Deny", "Pass")
    for priority in range(draw(st.integers(0, 3))):
        spec: Manifest = {"subject": draw(selections), "priority": priority}
        spec["ingress"] = draw(_ordered("ingress", actions, key, some))
        spec["egress"] = draw(_ordered("egress", actions, key, some))
        metadata = {"name": f"admin{9 - priority}"}
        if old:
            found.append(
                {"apiVersion": f"{group}/v1alpha1", "kind": "AdminNetworkPolicy", "metadata": metadata, "spec": spec}
            )
        else:
            spec["tier"] = draw(st.sampled_from(("Admin", "Baseline")))
            found.append(
                {"apiVersion": f"{group}/v1alpha2", "kind": "ClusterNetworkPolicy", "metadata": metadata, "spec": spec}
            )
    if old and draw(st.booleans()):
        spec = {"subject": draw(selections)}
        spec["ingress"] = draw(_ordered("ingress", ("Allow", "Deny"), key, some))
        spec["egress"] = draw(_ordered("egress", ("Allow", "Deny"), key, some))
        base = {
            "apiVersion": f"{group}/v1alpha1",
            "kind": "BaselineAdminNetworkPolicy",
            "metadata": {"name": "default"},
        }
        found.append({**base, "spec": spec})
    return found


@st.composite
def clusters(draw: st.DrawFn) -> list[Manifest]:
    """All the manifests of a cluster; one namespace is declared nowhere."""
    spaces = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": draw(space_labels)}}
        for name in SPACES[:2]
    ]
    return [*spaces, *draw(pods()), *draw(networkpolicies()), *draw(adminpolicies())]
