"""A rule of a NetworkPolicy that lets everybody in, and makes others beside it useless.

The rules of a policy add up: one without peers allows its ports to everybody, so that
what its neighbours say of the same ports changes nothing. Often a dash too many has
made two rules of one: one with the peers, for all ports, and one with the ports, for
everybody. Join them, or delete the rule for everybody.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy, NetworkPolicyRule, covers_ports
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="a rule for everybody makes its neighbours useless",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource",),
    exposure=True,
)

WEB = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
"""
PEER = "  - from: [{podSelector: {matchLabels: {app: proxy}}}]\n"

VALID = [
    WEB + PEER + "    ports: [{port: 80}]",
    WEB + "  - {}",  # all are let in, and nothing is beside it
    WEB + PEER + "    ports: [{port: 80}]\n  - ports: [{port: 9090}]",  # metrics for everybody
    WEB + PEER + "    ports: [{port: http}]\n  - ports: [{port: 80}]",  # which port the name means is not said
    WEB + PEER + "  - {{ .Values.extra }}",
    WEB + "  - from: {{ .Values.from }}\n    ports: [{port: 80}]\n" + PEER + "    ports: [{port: 80}]",
    WEB + PEER + "  - ports: [{port: 80}]\n    {{- with .Values.from }}\n    from: {{ . }}\n    {{- end }}",
    WEB + "  - ports: [{port: 80}]\n  - ports: [{port: 80}]",  # twice the same
]
INVALID = [
    WEB
    + "  - from: [{podSelector: {}}]\n  - {}  # expect: rule-swallows-rules (posture)\n"
    + "  - from: [{ipBlock: {cidr: 0.0.0.0/0}}]",
    WEB + PEER + "    ports: [{port: 80}]\n  - {}  # expect: rule-swallows-rules (likely)",
    WEB
    + PEER
    + "    ports: [{port: 80}]\n  - ports: [{port: 80}, {port: 443}]  # expect: rule-swallows-rules (likely)",
    WEB + PEER + '  - ports: [{port: 80}]  # expect: rule-swallows-rules (possible) "a dash too many"',
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        for rules in (policy.ingress, policy.egress):
            for number, rule in enumerate(rules):
                if rule.is_for_all and rule.path not in rule.nulls:  # a rule without content is said for itself
                    swallowed = [one for one in rules if not one.is_for_all and covers_ports(rule, one)]
                    before = rules.items[number - 1] if number else None
                    if swallowed:
                        yield _make_finding(policy, rule, swallowed)
                    elif before and not before.is_for_all and before.is_of_all_ports:
                        yield _suspect_dash(policy, rule, before)


def _make_finding(policy: NetworkPolicy, rule: NetworkPolicyRule, swallowed: list[NetworkPolicyRule]) -> Finding:
    which = " and ".join(one.path for one in swallowed[:3]) + (", …" if swallowed[3:] else "")
    return Finding(
        at=policy.at(rule.path),
        at_most=Certainty.POSTURE if any(map(_is_broad, swallowed)) else None,  # all is listed that may be allowed
        message=f"{policy} allows every peer at {rule.path}, so {which} {'change' if swallowed[1:] else 'changes'} nothing",
        related=tuple((policy.at(one.path), "changes nothing") for one in swallowed),
    )


def _is_broad(rule: NetworkPolicyRule) -> bool:
    """Whether a peer of a rule is a whole namespace, every namespace or every address: then the policy only lists what is open."""
    for peer in rule.peers:
        block, selectors = peer.ip_block, (peer.pod_selector, peer.namespace_selector)
        if block is not None and isinstance(block.cidr, str) and block.cidr in ("0.0.0.0/0", "::/0"):
            return True
        if block is None and all(one is None or one.is_empty for one in selectors):
            return True
    return False


def _suspect_dash(policy: NetworkPolicy, rule: NetworkPolicyRule, before: NetworkPolicyRule) -> Finding:
    allows = f"allows every peer on the ports of {rule.path}, and the peers of {before.path} on all ports"
    return Finding(
        at=policy.at(rule.path),
        at_most=Certainty.POSSIBLE,
        message=f"{policy} {allows}: a dash too many may have made two rules of one",
        related=((policy.at(before.path), "the peers"),),
    )
