"""The edits that would change an answer for the one pair that was asked about, and for nobody else.

A rule or a policy that speaks of others too is left alone: a rule beside it, or a policy of its own, opens what was
asked and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, Literal, NamedTuple

from kubeqed.graph.reach.addresses import Ranges
from kubeqed.graph.reach.compiled import Direction, Policy, Tier
from kubeqed.graph.reach.explain import Explanation, Hit, Side
from kubeqed.graph.reach.ports import ALL, EMPTY, PortSet, difference, intersection, ports, text, union_of
from kubeqed.graph.reach.reachability import Reachability
from kubeqed.graph.reach.written import (
    CONTROLLER_NAMESPACE,
    Written,
    admin_policy,
    admin_rule,
    blocks,
    name_of,
    namespace_selector,
    networkpolicy,
    networks,
    pod_selector,
    port_entries,
    rule,
)
from kubeqed.model.adminnetworkpolicy import AdminNetworkPolicy
from kubeqed.model.clusternetworkpolicy import ClusterNetworkPolicy
from kubeqed.model.object import Object
from kubeqed.model.workload import Workload

Operation = Literal["add", "insert", "remove", "create", "advice"]

_NODES = "its pods share the node's network: only an ipBlock of the nodes' addresses means them"
_OUTSIDE = "its pods share the node's network: no policy governs them"
_BARE = "has no labels: give it one, and a NetworkPolicy that selects it and allows this"


class Edit(NamedTuple):
    """A change of `object` at `path`.

    `add` appends the items of `value` to the list at the path, `insert` puts them before the item at the path, `remove`
    takes that item out. `create` adds the object `value`, best beside `object`. `advice` is a sentence alone.
    `text` says what an exact edit cannot say, empty where there is no more to say.
    """

    operation: Operation
    object: Object | None
    path: str
    value: Any = None
    text: str = ""


class Pair(NamedTuple):
    """The nodes of a question, how both are called, and the workloads or the addresses that they are."""

    source: int
    destination: int
    source_text: str
    destination_text: str
    source_item: Workload | None = None
    destination_item: Workload | None = None
    ranges: Ranges = ()


def edits(reach: Reachability, pair: Pair, found: Explanation, asked: PortSet) -> list[Edit]:
    """What would open the asked ports that are closed, where nobody asked for any those that the destination declares;
    what would close them when all are open.
    """
    closed = difference(asked, found.allowed)
    if not closed:
        sides = [End(reach, pair, found.ingress), End(reach, pair, found.egress)]
        closings = [end.closing(asked) for end in sides if end.governed]
        if not closings:
            outside = pair.destination_text if pair.destination < len(reach.classes) else pair.source_text
            return [Edit("advice", None, "", text=f"{outside}: {_OUTSIDE}")]
        return sorted(closings, key=lambda one: one.object is None)[:1]
    if asked == ALL:
        closed = intersection(closed, _declared(pair.destination_item)) or closed
    opened: list[Edit] = []
    for side in (found.egress, found.ingress):
        if difference(closed, side.allowed):
            opened += End(reach, pair, side).opening(difference(closed, side.allowed))
    return opened


def _declared(workload: Workload | None) -> PortSet:
    """The ports that a workload's containers declare."""
    found = workload.template.ports() if workload is not None else ()
    known = ((one.protocol, one.number) for one in found)
    return union_of(
        ports(protocol, number, number)
        for protocol, number in known
        if isinstance(protocol, str) and isinstance(number, int)
    )


class End:
    """One side of a pair: the subject of its policies, and the other as a peer."""

    def __init__(self, reach: Reachability, pair: Pair, side: Side) -> None:
        self._reach = reach
        self._pair = pair
        self._side = side
        self._direction: Direction = side.direction
        ends = [(pair.source, pair.source_item, pair.source_text)]
        ends.append((pair.destination, pair.destination_item, pair.destination_text))
        first, second = reversed(ends) if side.direction == "Ingress" else ends
        self.subject, self._item, self._name = first
        self._other, self._other_item, self._other_name = second

    @property
    def governed(self) -> bool:
        """Whether policies govern the subject: it is a pod, and not one of the host network."""
        return self._is_pod(self.subject) and self._reach.classes[self.subject].key.governed

    def opening(self, closed: PortSet) -> Iterator[Edit]:
        """The changes that open the closed ports: one for what administrators deny, one for what nobody allows."""
        if self._is_pod(self._other) and not self._reach.classes[self._other].key.governed:
            yield Edit("advice", None, "", text=f"{self._other_name}: {_NODES}")
            return
        denied = EMPTY
        for policy, hit in self._side.hits():
            spoken = intersection(hit.decided, closed)
            if policy.tier is not Tier.NAMESPACE and hit.rule.action == "Deny" and spoken:
                if not denied:
                    yield self._before(policy, hit, closed)
                denied = closed
        if difference(closed, denied):
            yield self._allowing(closed)

    def closing(self, asked: PortSet) -> Edit:
        """The change that closes the asked ports."""
        allowing = [(policy, hit) for policy, hit in self._side.hits() if _opens(hit, asked)]
        if allowing and allowing[0][0].tier is not Tier.NAMESPACE:
            return _denying(*allowing[0], asked)
        if len(allowing) == 1 and not intersection(self._side.defaulted, asked):
            return self._without(*allowing[0], asked)
        if allowing:
            said = f"each of the {len(allowing)} rules that allow it would have to go, the first of them in"
            return Edit("advice", None, "", text=f"{said} {allowing[0][0].object}")
        if not pod_selector(self._item):
            return Edit("advice", None, "", text=f"nothing isolates {self._name}, and it has no labels to select it by")
        spec = {"podSelector": pod_selector(self._item), "policyTypes": [self._direction]}
        value = networkpolicy(
            self._new_name("deny", self._direction, _bare(self._name)), self._namespace(self.subject), spec
        )
        return Edit("create", None, "", value, f"nothing isolates {self._name}")

    def _without(self, policy: Policy, hit: Hit, asked: PortSet) -> Edit:
        if hit.rule.ports.fixed == ALL or difference(hit.decided, asked):
            said = f"restrict this rule: nothing else allows {'this' if asked == ALL else text(asked)}"
            return Edit("advice", policy.object, hit.rule.path, text=said)
        kept = ""
        if _isolates_by_rule(policy, self._side):
            kept = "state policyTypes [Ingress, Egress] too, as without a rule it would no longer isolate egress"
        return Edit("remove", policy.object, hit.rule.path, text=kept)

    def _allowing(self, closed: PortSet) -> Edit:
        """The rule of a NetworkPolicy that is missing: in a rule or a policy that speaks of this pair alone, or apart."""
        peers, said = self._peers()
        own = [(policy, hit) for policy, hit in self._side.hits() if self._is_own(policy)]
        for policy, hit in own:
            if hit.peer and self._means_other_alone(hit):
                return Edit("add", policy.object, f"{hit.rule.path}.ports", port_entries(closed), said)
        for policy, hit in own:
            if hit.rule.peers and not hit.rule.ports.names and hit.rule.ports.fixed == closed:
                key = "from" if self._direction == "Ingress" else "to"
                return Edit("add", policy.object, f"{hit.rule.path}.{key}", peers, said)
        missing = rule(self._direction, peers, closed)
        key = self._direction.lower()
        for judged in self._side.judgements:
            if self._is_own(judged.policy):
                return Edit("add", judged.policy.object, f"spec.{key}", [missing], said)
        if not pod_selector(self._item):
            return Edit("advice", None, "", text=f"{self._name} {_BARE}")
        near = next(one.policy.object for one in self._side.judgements if one.policy.tier is Tier.NAMESPACE)
        spec = {"podSelector": pod_selector(self._item), "policyTypes": [self._direction], key: [missing]}
        value = networkpolicy(self._allowing_name, self._namespace(self.subject), spec)
        return Edit("create", near, "", value, said or self._selecting_others())

    def _before(self, policy: Policy, hit: Hit, closed: PortSet) -> Edit:
        """A rule that is asked before the denial: in the policy itself where it selects nobody else, else in one before."""
        peers, said = self._peers()
        peers = [self._as_admins_write(peers[0])] if self._is_pod(self._other) else networks(self._pair.ranges)
        item, name = policy.object, self._allowing_name
        written = admin_rule(item, name, self._direction, peers, closed)
        priority = self._free_priority(policy)
        if self._selects_alone(policy) or priority is None:
            others = "" if self._selects_alone(policy) else "it allows this to every pod that the policy selects"
            return Edit("insert", item, hit.rule.path, [written], said or others)
        subject = {"namespaceSelector": namespace_selector(self._namespace(self.subject))}
        subject["podSelector"] = pod_selector(self._item)
        spec = {"subject": {"pods": subject}, self._direction.lower(): [written]}
        value = admin_policy(item, policy.tier, priority, name, spec)
        return Edit("create", item, "", value, said or self._selecting_others())

    def _free_priority(self, policy: Policy) -> int | None:
        """The nearest priority before a policy's own that no policy of its kind has; None where there is none."""
        kind = type(policy.object)
        if kind not in (AdminNetworkPolicy, ClusterNetworkPolicy):
            return None
        taken = {one.priority for one in self._reach.policies.items if isinstance(one.object, kind)}
        return next((one for one in range(policy.priority - 1, -1, -1) if one not in taken), None)

    def _peers(self) -> tuple[list[Written], str]:
        """The other side as peers of a rule, and what they mean besides it."""
        if not self._is_pod(self._other):
            return blocks(self._pair.ranges), ""
        classes = self._reach.classes
        if not classes[self._other].endpoints:
            return [
                {"namespaceSelector": namespace_selector(CONTROLLER_NAMESPACE)}
            ], "put in the controller's namespace"
        pods: Written = {"podSelector": pod_selector(self._other_item)}
        namespace = self._namespace(self._other)
        if namespace != self._namespace(self.subject):
            pods = {"namespaceSelector": namespace_selector(namespace), **pods}
        return [pods], self._meaning_others()

    def _as_admins_write(self, peer: Written) -> Written:
        if "podSelector" not in peer:
            return {"namespaces": peer["namespaceSelector"]}
        own = {"namespaceSelector": namespace_selector(self._namespace(self._other))}
        return {"pods": {**own, "podSelector": peer["podSelector"]}}

    def _meaning_others(self) -> str:
        return self._others(self._other, self._other_item, self._other_name)

    def _selecting_others(self) -> str:
        return self._others(self.subject, self._item, self._name)

    def _others(self, number: int, item: Workload | None, name: str) -> str:
        """What to say where the labels of a workload are those of others too."""
        wanted = pod_selector(item).get("matchLabels", {}).items()
        namespace = self._namespace(number)
        alike = {
            endpoint.peer
            for endpoint in self._reach.endpoints
            if endpoint.peer.namespace == namespace
            and all(isinstance(worn := endpoint.labels.get(key), str) and worn == value for key, value in wanted)
        }
        return f"the labels of {name} are those of {len(alike) - 1} more" if len(alike) > 1 else ""

    def _is_own(self, policy: Policy) -> bool:
        """Whether it is a NetworkPolicy made for the subject: it names labels, and nobody else wears them."""
        return policy.tier is Tier.NAMESPACE and bool(policy.subject.pods) and self._selects_alone(policy)

    def _selects_alone(self, policy: Policy) -> bool:
        return self._is_alone(self._reach.index.subjects(policy.subject), self.subject)

    def _means_other_alone(self, hit: Hit) -> bool:
        if hit.rule.peers is None:
            return False
        meant = 0
        for term in hit.rule.peers:
            meant |= self._reach.index.match(term, self._direction)
        if not self._is_pod(self._other):
            return meant == 1 << self._other and self._pair.ranges == (self._reach.index.range_of(self._other),)
        return bool(self._reach.classes[self._other].endpoints) and self._is_alone(meant, self._other)

    def _is_alone(self, bits: int, number: int) -> bool:
        """Whether a set of nodes is the workload of one class and nobody else."""
        if bits != 1 << number:
            return False
        return len({endpoint.peer for endpoint in self._reach.classes[number].endpoints}) == 1

    def _is_pod(self, number: int) -> bool:
        return number < len(self._reach.classes)

    def _namespace(self, number: int) -> str:
        return self._reach.classes[number].key.namespace

    def _new_name(self, *words: str) -> str:
        """A name that no policy of the unit has."""
        taken = {one.object.name for one in self._reach.policies.items if isinstance(one.object.name, str)}
        name = name_of(*words)
        several = (f"{name}-{at}" if at > 1 else name for at in count(1))
        return next(one for one in several if one not in taken)

    @property
    def _allowing_name(self) -> str:
        """`allow-db-from-web` for ingress, `allow-web-to-db` for egress: the two never clash."""
        between = "from" if self._direction == "Ingress" else "to"
        return self._new_name("allow", _bare(self._name), between, _bare(self._other_name))


def _bare(name: str) -> str:
    """`web` of `shop/web[Pod]`; an address as it is."""
    return name.rpartition("/")[2].partition("[")[0] if name.endswith("]") else name


def _denying(policy: Policy, hit: Hit, asked: PortSet) -> Edit:
    """What closes a port that an administrator's rule allows: without the rule, others after it may still allow it."""
    rest = "; other rules decide about the rest" if difference(asked, hit.decided) else ""
    spoken = "this" if not rest else text(intersection(hit.decided, asked))
    return Edit("advice", policy.object, hit.rule.path, text=f"put a rule that denies {spoken} before it{rest}")


def _isolates_by_rule(policy: Policy, side: Side) -> bool:
    """Whether the last egress rule of a policy without policyTypes is what isolates a pod at all."""
    alone = not any(one.policy is not policy and one.policy.tier is Tier.NAMESPACE for one in side.judgements)
    stated = policy.object.holds("spec.policyTypes[0]")
    return side.direction == "Egress" and alone and not stated and len(policy.egress or ()) == 1


def _opens(hit: Hit, asked: PortSet) -> bool:
    return hit.rule.action == "Allow" and bool(intersection(hit.decided, asked))
