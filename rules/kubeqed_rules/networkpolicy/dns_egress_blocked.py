"""Policies leave pods that use names no way to the DNS of the cluster.

A policy that isolates egress denies DNS too: no name resolves, and every connection
that is allowed by name fails after a long wait. Allow UDP and TCP on port 53 to the
pods with `k8s-app: kube-dns` in kube-system; on OpenShift port 5353 to openshift-dns;
with a cache on each node, its address.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.dns_reachable import find_unresolved_names
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="policies deny DNS to pods that use names",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY,  # another policy, that no manifest shows, would have to allow it
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/",
        "https://github.com/kubernetes/website/issues/38267",
    ),
)

WEB = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - name: web
    image: shop
    env: [{name: API, value: "http://api:8080"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
"""
TO_API = "  - to: [{podSelector: {matchLabels: {app: api}}}]\n"
EGRESS = "  egress:\n" + TO_API
EXPECTED = "  egress:  # expect: dns-egress-blocked (likely)\n" + TO_API
DNS = """  - to:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}
      podSelector:
        matchLabels:
          LABEL
    ports: [{port: 53, protocol: UDP}]
"""
OTHER = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: dns, namespace: shop}
spec:
  podSelector: {}
  egress:
"""


def _dns_policy(namespace: str = "kube-system", label: str = "k8s-app: kube-dns") -> str:
    return DNS.replace("NAMESPACE", namespace).replace("LABEL", label)


CACHED = WEB.replace("  containers:", "  dnsPolicy: None\n  dnsConfig: {nameservers: [169.254.20.10]}\n  containers:")

VALID = [
    CACHED + EGRESS + "  - to: [{ipBlock: {cidr: 169.254.20.10/32}}]\n    ports: [{port: 53, protocol: UDP}]\n",
    CACHED + EGRESS + "  - ports: [{port: 53, protocol: UDP}]\n",
    CACHED.replace("[169.254.20.10]", "[169.254.20.10, 10.96.0.10]") + EGRESS + _dns_policy(),
    WEB,
    WEB + "  ingress: []\n",
    WEB + EGRESS + _dns_policy(),
    WEB + EGRESS + OTHER + _dns_policy(),  # another policy of the same pods allows it
    WEB + EGRESS + "  - ports: [{port: 53, protocol: UDP}]\n",
    WEB + EGRESS + "  - to: [{ipBlock: {cidr: 169.254.20.10/32}}]\n",  # a cache on each node
    WEB + EGRESS + "  - to: [{ipBlock: {cidr: 169.254.169.254/32}}]\n    ports: [{port: 53, protocol: UDP}]\n",
    WEB + EGRESS + _dns_policy().replace("kubernetes.io/metadata.name", "name"),  # a label that somebody gave
    WEB
    + EGRESS
    + _dns_policy("openshift-dns", "dns.operator.openshift.io/daemonset-dns: default").replace("53", "5353"),
    WEB + EGRESS + _dns_policy("pihole", "app: pihole"),  # a DNS server of one's own
    WEB.replace("  containers:", "  dnsPolicy: None\n  containers:") + EGRESS,
    WEB.replace("  containers:", "  hostNetwork: true\n  containers:") + EGRESS,
    WEB
    + EGRESS.replace("egress:", "egress:  # expect: dns-egress-blocked (possible)")
    + "---\napiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: dns}\n",
    WEB.replace('API, value: "http://api:8080"', "ROLE, value: api")
    + EGRESS.replace("egress:", "egress:  # expect: dns-egress-blocked (possible)")
    + "---\napiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\nspec: {ports: [{port: 80}]}\n",
    WEB.replace("http://api:8080", "http://10.0.0.7:8080")
    + EGRESS.replace("egress:", "egress:  # expect: dns-egress-blocked (possible)"),
]
INVALID = [
    CACHED + EXPECTED,
    CACHED + EGRESS + _dns_policy(label="k8s-app: kube-dns  # expect: dns-egress-blocked (likely)"),  # not the cache
    WEB + EXPECTED,
    WEB.replace('API, value: "http://api:8080"', "API_HOST, value: api")
    + EXPECTED
    + "---\napiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\nspec: {ports: [{port: 80}]}\n",
    "# config: world=closed" + WEB + EXPECTED.replace("likely", "proved"),
    WEB + "  policyTypes: [Egress]  # expect: dns-egress-blocked (likely)\n",
    WEB + EGRESS + _dns_policy(label='k8s-app: coredns  # expect: dns-egress-blocked (likely) "seems to be meant"'),
    WEB
    + EGRESS
    + _dns_policy("openshift-dns", "dns.operator.openshift.io/daemonset-dns: default").replace(
        "UDP}]", "UDP}]  # expect: dns-egress-blocked"
    ),
    WEB
    + EGRESS
    + _dns_policy().replace("protocol: UDP}]", "protocol: TCP}]  # expect: dns-egress-blocked (likely)"),  # TCP alone
    WEB
    + EGRESS
    + _dns_policy("openshift-dns")
    .replace("      podSelector:\n        matchLabels:\n          k8s-app: kube-dns\n", "")
    .replace("UDP}]", "UDP}]  # expect: dns-egress-blocked (likely)"),  # the Service's port, and not that of its pods
    WEB
    + EGRESS
    + "  - to:\n    - podSelector: {matchLabels: {k8s-app: kube-dns}}  # expect: dns-egress-blocked (likely)\n"
    + "    ports: [{port: 53, protocol: UDP}]\n",  # pods of the policy's own namespace
]


def check(world: World) -> Iterator[Finding]:
    for one in world.find(find_unresolved_names):
        tries = ": the rule that seems to be meant for it does not lead there" if one.tries else ""
        yield Finding(
            at=one.place,
            answer=one.answer,
            at_most=one.at_most,
            message=f"{one.policy} leaves {one.pods} no way to DNS (UDP 53, on OpenShift 5353){tries}",
            related=one.related,
        )
