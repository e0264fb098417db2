"""One end of a question, whose policies an edit changes, and the other end as these see it."""

from __future__ import annotations

from itertools import count

from kubeqed.model.values.match import Match, same_value
from kubeqed.reach.ends import End, Pair
from kubeqed.reach.engine.peer_names import PeerNames
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.peer import Peer
from kubeqed.reach.policy.compiled import CompiledPolicy, Tier
from kubeqed.reach.query.explain import DirectionTrace, RuleMatch
from kubeqed.reach.remedy.manifest import (
    CONTROLLER_NAMESPACE,
    Written,
    name_of,
    peers_key,
    write_ip_blocks,
    write_namespace_selector,
    write_pod_selector,
)


class Subject:
    """The end whose policies have a say on one side, and the other end as their peer."""

    def __init__(self, reach: Reachability, names: PeerNames, pair: Pair, side: DirectionTrace) -> None:
        self._own, self._other = reversed(pair) if side.direction == "Ingress" else pair
        self.reach = reach
        self.names = names
        self.side = side
        self.direction = side.direction
        self.ranges = pair.ranges
        self.subject, self.name = self._own.node, self._own.text
        self.other, self.other_name = self._other.node, self._other.text

    @property
    def governed(self) -> bool:
        """Whether policies of the input may govern the subject: it is a pod of it, and not one of the host network."""
        return bool(self._own.pods) and self.reach.classes[self.subject].key.governed

    @property
    def other_is_pod(self) -> bool:
        """Whether the other end is a pod, and no address."""
        return self._is_pod(self.other)

    @property
    def other_governed(self) -> bool:
        """Whether a selector can mean the other end: it is an address, or a pod with a network of its own."""
        return not self.other_is_pod or self.reach.classes[self.other].key.governed

    @property
    def namespace(self) -> str:
        """That of the subject."""
        return self._find_namespace(self.subject)

    @property
    def pod_selector(self) -> Written:
        """A selector of the subject; empty where it has no labels."""
        return write_pod_selector(self._own)

    @property
    def subject_selector(self) -> Written:
        """A selector of the subject from anywhere in the cluster."""
        return {"namespaceSelector": write_namespace_selector(self.namespace), "podSelector": self.pod_selector}

    def peers(self) -> tuple[list[Written], str]:
        """The other end as peers of a NetworkPolicy's rule, and what they mean besides it."""
        if not self.other_is_pod:
            return write_ip_blocks(self.ranges), ""
        if not self.reach.classes[self.other].endpoints:
            unnamed = {"namespaceSelector": write_namespace_selector(CONTROLLER_NAMESPACE)}
            return [unnamed], "put in the controller's namespace"
        pods: Written = {"podSelector": write_pod_selector(self._other)}
        namespace = self._find_namespace(self.other)
        if namespace != self.namespace:
            pods = {"namespaceSelector": write_namespace_selector(namespace), **pods}
        return [pods], self._mention_others(self._other)

    def in_any_namespace(self, peer: Written) -> Written:
        """A peer of `peers` as a policy without a namespace writes it."""
        if "podSelector" not in peer:
            return {"namespaces": peer["namespaceSelector"]}
        own = {"namespaceSelector": write_namespace_selector(self._find_namespace(self.other))}
        return {"pods": {**own, "podSelector": peer["podSelector"]}}

    def is_itself(self, peer: Peer) -> bool:
        """Whether a peer is the subject."""
        return peer == self._own.peer

    def is_other(self, peer: Peer) -> bool:
        """Whether a peer is the other end."""
        return peer == self._other.peer

    def selecting_others(self) -> str:
        """What to say where a selector of the subject selects others too; empty where it does not."""
        return self._mention_others(self._own)

    def is_own(self, policy: CompiledPolicy) -> bool:
        """Whether it is a NetworkPolicy made for the subject: it names labels, and no other pod has them."""
        return policy.tier is Tier.NAMESPACE and bool(policy.subject.pods) and self.selects_alone(policy)

    def selects_alone(self, policy: CompiledPolicy) -> bool:
        """Whether a policy selects the subject alone."""
        return self._is_alone(self.reach.index.subjects(policy.subject), self._own)

    def means_other_alone(self, hit: RuleMatch) -> bool:
        """Whether the peers of a rule are the other end alone."""
        if hit.rule.peers is None:
            return False
        meant = self.reach.index.peers(hit.rule.peers, self.direction)
        if not self.other_is_pod:
            return meant == 1 << self.other and self.ranges == (self.reach.index.range_of(self.other),)
        return bool(self.reach.classes[self.other].endpoints) and self._is_alone(meant, self._other)

    def allowing_name(self) -> str:
        """`allow-db-from-web` for ingress, `allow-web-to-db` for egress: the two never clash."""
        return self._new_name("allow", _strip_kind(self.name), peers_key(self.direction), _strip_kind(self.other_name))

    def denying_name(self) -> str:
        """`deny-ingress-db`."""
        return self._new_name("deny", self.direction, _strip_kind(self.name))

    def _new_name(self, *words: str) -> str:
        """A name that no policy of the unit has."""
        taken = {one.object.name for one in self.reach.policies.items if isinstance(one.object.name, str)}
        name = name_of(*words)
        several = (f"{name}-{at}" if at > 1 else name for at in count(1))
        return next(one for one in several if one not in taken)

    def _mention_others(self, end: End) -> str:
        """What to say where the labels of an end are those of others too."""
        wanted = write_pod_selector(end).get("matchLabels", {}).items()
        namespace = self._find_namespace(end.node)
        alike = {
            endpoint.owner
            for endpoint in self.reach.endpoints
            if endpoint.owner.namespace == namespace
            and all(same_value(value, endpoint.labels.get(key)) is Match.YES for key, value in wanted)
        }
        return f"the labels of {end.text} are those of {len(alike) - 1} more" if len(alike) > 1 else ""

    def _is_alone(self, bits: int, end: End) -> bool:
        """Whether a set of nodes is the pods of one end alone."""
        if bits != 1 << end.node or not {*self.reach.classes[end.node].endpoints} <= {*end.pods}:
            return False
        return end.peer is None or end.peer.kind != "Pod" or end.pods[0].is_pod

    def _is_pod(self, number: int) -> bool:
        return number < len(self.reach.classes)

    def _find_namespace(self, number: int) -> str:
        return self.reach.classes[number].key.namespace


def _strip_kind(name: str) -> str:
    """`web` of `shop/web[Pod]`; an address as it is."""
    return name.rpartition("/")[2].partition("[")[0] if name.endswith("]") else name
