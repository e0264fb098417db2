"""A NetworkPolicy allows the port of a Service, on which no pod listens.

A policy is asked about the packet that arrives at the pod, and there the Service has
put its targetPort in place of its own port: a rule that names the Service's port
allows nothing. Write the port on which the pods listen.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.policy_ports import PolicyPortIsOfPods
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="NetworkPolicy names the port of a Service, not of its pods",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://github.com/kubernetes/website/issues/8295",),
)

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
"""
FROM = WEB + "  ingress:\n  - ports:\n"
TO = (
    WEB.replace("podSelector: {matchLabels: {app: web}}", "podSelector: {}")
    + """  egress:
  - to: [{podSelector: {matchLabels: {app: web}}}]
    ports:
"""
)

VALID = [
    FROM + "    - port: 8080",
    FROM + "    - port: http",
    FROM + "    - port: 443",  # no Service has it: it may be one that nobody declares
    FROM + "    - port: 80\n    - port: 8080",  # both, to be sure
    FROM + "    - port: 80\n    - port: http",
    FROM + "    - port: 80\n      protocol: UDP",
    FROM + "    - port: 80\n      endPort: 9000",
    FROM.replace("containerPort: 8080", "containerPort: 80") + "    - port: 80",
    FROM.replace(", targetPort: 8080", "") + "    - port: 80",
    FROM.replace("targetPort: 8080", "targetPort: '${PORT}'") + "    - port: 80",
    FROM.replace("podSelector: {matchLabels: {app: web}}", "podSelector: {matchLabels: {app: db}}") + "    - port: 80",
    TO + "    - port: 8080",
    WEB + "  egress:\n  - ports: [{port: 80}]",  # to everybody
]
INVALID = [
    FROM + '    - port: 80  # expect: policy-port-is-service-port (likely) "listen on 8080"',
    FROM.replace("targetPort: 8080", "targetPort: http")
    + '    - port: 80  # expect: policy-port-is-service-port "listen on 8080 (http)"',
    TO + "    - port: 80  # expect: policy-port-is-service-port (likely)",
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        for rule in (*policy.ingress, *policy.egress):
            for port in rule.ports:
                answer = world.ask(PolicyPortIsOfPods(policy, rule, port))
                if answer.holds:
                    continue
                service, _, pod, target = answer.translated
                named = (
                    str(one.number) for one in pod.template.ports() if isinstance(one.name, str) and one.name == target
                )
                listens = next((f"{number} ({target})" for number in named), str(target))
                of_pods = f"port {port.port}, which is that of {service}: the pods of {pod} listen on {listens}"
                yield Finding(
                    at=policy.at(f"{port.path}.port"),
                    answer=answer,
                    message=f"{policy} allows {of_pods}, so that this opens nothing",
                    related=answer.related,
                    suggestion=f"port: {target}",
                    edit=(policy.at(f"{port.path}.port"), target),
                )
