"""A NetworkPolicy names a port that no pod concerned declares.

A port by name means what the containers of each pod call so, with the same protocol.
A pod that declares no such port gets nothing opened by the rule, and nothing says so.
Declare the name in the container, or write the number.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.policy_ports import PolicyPortNamed
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="NetworkPolicy names a port that no pod concerned declares",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/",),
)

RELAY = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: relay, namespace: tele}
spec:
  selector: {matchLabels: {app: relay}}
  template:
    metadata: {labels: {app: relay}}
    spec: {containers: [{name: relay, image: nginx, ports: [{name: stream, containerPort: 7100}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: relay, namespace: tele}
spec:
  podSelector: {matchLabels: {app: relay}}
"""
FROM = RELAY + "  ingress:\n  - ports:\n"
TO = (
    RELAY.replace("podSelector: {matchLabels: {app: relay}}", "podSelector: {}")
    + """  egress:
  - to: [{podSelector: {matchLabels: {app: relay}}}]
    ports:
"""
)

VALID = [
    FROM + "    - port: stream",
    FROM + "    - port: 7200",
    FROM + "    - port: PORT",
    FROM + "    - port: '${PORT}'",
    FROM.replace("{name: relay, image: nginx", "'{{ x }}', {name: relay, image: nginx") + "    - port: http",
    FROM.replace("labels: {app: relay}}", "labels: {app: relay, sidecar.istio.io/inject: 'true'}}")
    + "    - port: http",
    FROM.replace("podSelector: {matchLabels: {app: relay}}", "podSelector: {matchLabels: {app: x}}")
    + "    - port: http",
    RELAY + "  egress:\n  - ports: [{port: dns, protocol: UDP}]",
    RELAY
    + "  egress:\n  - to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: x}}}]\n    ports: [{port: dns}]",
    FROM.replace("podSelector: {matchLabels: {app: relay}}", "podSelector: {}")
    + "    - port: http  # expect: policy-port-name-unresolved (possible)",
]
INVALID = [
    FROM + "    - port: streams  # expect: policy-port-name-unresolved (proved)",
    FROM
    + '    - port: stream  # expect: policy-port-name-unresolved "whose pods have it with TCP"\n      protocol: UDP',
    TO + "    - port: http  # expect: policy-port-name-unresolved (likely)",
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        for rule in (*policy.ingress, *policy.egress):
            for port in rule.ports:
                answer = world.ask(PolicyPortNamed(policy, rule, port))
                if answer.holds:
                    continue
                other = answer.other_protocol(str(port.port))
                but = f"have it with {other}" if other else "declare none of this name"
                pods = " and ".join(str(pod) for pod in answer.pods[:2]) + (", …" if len(answer.pods) > 2 else "")
                yield Finding(
                    at=policy.at(f"{port.path}.port"),
                    answer=answer,
                    at_most=answer.at_most,
                    message=f"{policy} allows {port.protocol} port {port.port} of {pods}, whose pods {but}",
                    related=answer.related,
                )
