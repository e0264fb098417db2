"""Policies deny what the ingress controller sends to a backend.

An Ingress or a route leads to pods that NetworkPolicies isolate, and none of these
lets the controller in: every request ends in a timeout or a 504. The pods that send
are those of the proxy, which need not be those of the controller: for Contour they
are Envoy's. Allow their namespace and labels, on the port of the pods.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.entry_blocked import find_blocked_controllers
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="policies deny what the ingress controller sends",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY,  # another policy, that no manifest shows, would have to allow it
    since="0.1",
    references=(
        "https://github.com/kubernetes/kubernetes/issues/112467",
        "https://github.com/kubernetes/ingress-nginx/issues/7132",
    ),
)

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
"""
OTHERS = "  ingress:{}\n  - from: [{{podSelector: {{matchLabels: {{app: shop}}}}}}]\n"
ENVOY = WEB.replace("ingressClassName: nginx", "ingressClassName: contour")
FROM_NAMESPACE = """  ingress:
  - from:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}
      podSelector: {matchLabels: {LABEL}}
"""
CONTROLLER = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: proxy, namespace: edge}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: ingress-nginx}}
  template:
    metadata: {labels: {app.kubernetes.io/name: ingress-nginx}}
    spec: {containers: [{name: proxy, image: registry.k8s.io/ingress-nginx/controller:v1.11.0}]}
"""
RELEASE = """---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: ingress-nginx, namespace: edge}
spec:
  chart: {spec: {chart: ingress-nginx, sourceRef: {kind: HelmRepository, name: ingress-nginx}}}
  values: {controller: {hostNetwork: true}}
"""


def _from_namespace(namespace: str, label: str) -> str:
    return FROM_NAMESPACE.replace("NAMESPACE", namespace).replace("LABEL", label)


VALID = [
    WEB + _from_namespace("ingress-nginx", "app.kubernetes.io/name: ingress-nginx"),
    WEB + _from_namespace("edge", "app.kubernetes.io/name: ingress-nginx"),  # it may be installed there
    WEB + "  ingress:\n  - from: [{namespaceSelector: {matchLabels: {name: ingress}}}]\n",
    WEB + "  ingress:\n  - from: [{ipBlock: {cidr: 10.0.0.0/8}}]\n",  # it may send from the host network
    WEB + "  ingress:\n  - ports: [{port: 8080}]\n",
    WEB + "  ingress:\n  - ports: [{port: 80}]\n",  # another rule says that this is the Service's port
    WEB + "  policyTypes: [Egress]\n",
    WEB  # a peer that matches nothing is said of the peer
    + "  ingress:\n  - from:\n    - namespaceSelector: {matchLabels: {name: edge}}\n      podSelector: "
    + "{matchLabels: {app.kubernetes.io/name: ingress-nginx}}\n"
    + CONTROLLER
    + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: edge}\n",
    WEB.replace("ingressClassName: nginx", "ingressClassName: alb") + OTHERS.format(""),  # outside the cluster
    WEB.replace("ingressClassName: nginx", "ingressClassName: house") + OTHERS.format(""),  # not known
    WEB + OTHERS.format("") + CONTROLLER.replace("spec: {containers", "spec: {hostNetwork: true, containers"),
    ENVOY + _from_namespace("projectcontour", "app: envoy"),
    WEB + OTHERS.format("  # expect: ingress-controller-blocked (possible)") + RELEASE,
]
INVALID = [
    WEB + OTHERS.format('  # expect: ingress-controller-blocked (likely) "ingress-nginx"'),
    WEB + "  policyTypes: [Ingress]  # expect: ingress-controller-blocked (likely)\n",
    WEB + OTHERS.format("  # expect: ingress-controller-blocked (likely)") + CONTROLLER,
    "# config: world=closed" + WEB + OTHERS.format("  # expect: ingress-controller-blocked (proved)") + CONTROLLER,
    ENVOY
    + _from_namespace("projectcontour", "app: contour").rstrip()
    + '  # expect: ingress-controller-blocked (likely) "app=envoy in projectcontour"\n',
    WEB  # the controller may come in, and not on the port where it sends to
    + "  ingress:\n  - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]\n"
    + "    ports:\n    - port: 9999  # expect: 13 ingress-controller-blocked (likely)\n"
    + CONTROLLER,
    WEB  # without a namespaceSelector these are pods of the policy's own namespace
    + "  ingress:\n  - from:\n    - podSelector:\n        matchLabels:\n"
    + "          app.kubernetes.io/name: ingress-nginx  # expect: ingress-controller-blocked (likely)\n",
]


def check(world: World) -> Iterator[Finding]:
    for blocked in world.find(find_blocked_controllers):
        yield Finding(
            at=blocked.place,
            answer=blocked.answer,
            at_most=blocked.at_most,
            message=f"{blocked.policy} denies what {blocked.sender} sends to {blocked.pods}",
            related=blocked.related,
        )
