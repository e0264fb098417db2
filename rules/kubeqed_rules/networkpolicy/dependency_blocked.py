"""A program is told to dial a Service to which no policy lets it through.

Its variables, arguments or a ConfigMap that it reads name the Service and the port
(`redis-cart:6379`), and the policies of one side, or of both, allow no such connection:
it times out.
Allow it where the finding stands, or take the name out.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.dependencies import DependencyAnswer, DependencyReached, DialledService, list_dependencies
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="policies cut a program off from what it dials",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY,  # another policy would have to allow it
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/network-policies/",),
)

SHOP = """
apiVersion: v1
kind: Service
metadata: {name: redis, namespace: shop}
spec: {selector: {app: redis}, ports: [{port: 6379}]}
---
apiVersion: v1
kind: Pod
metadata: {name: redis, namespace: shop, labels: {app: redis}}
spec: {containers: [{name: redis, image: redis, ports: [{containerPort: 6379}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec: {containers: [{name: cart, image: cart, env: [{name: REDIS, value: "redis:6379"}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: redis, namespace: shop}
spec:
  podSelector: {matchLabels: {app: redis}}
"""
MOUNTED = (
    SHOP.replace(
        'env: [{name: REDIS, value: "redis:6379"}]}]}',
        "volumeMounts: [{name: c, mountPath: /c}]}], volumes: [{name: c, configMap: {name: cart}}]}",
    )
    + """  ingress: []
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cart, namespace: shop}
data:
  cart.yaml: |
    redis: redis:6379
"""
)

VALID = [
    MOUNTED.replace("configMap: {name: cart}", "configMap: {name: other}"),
    MOUNTED.replace("{name: cart, namespace: shop}\ndata", "{name: cart, namespace: other}\ndata"),
    SHOP + "  ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}]}]",
    SHOP + "  ingress: [{ports: [{port: 6379}]}]",
    SHOP.replace("redis:6379", "${REDIS}") + "  ingress: []",
    SHOP.replace("redis:6379", "redis.example.com:6379") + "  ingress: []",
    SHOP.replace("matchLabels: {app: redis}", "matchLabels: {app: other}") + "  ingress: []",
    SHOP.replace("spec: {selector", "spec: {type: ExternalName, externalName: a.example.com, selector")
    + "  ingress: []",
]
INVALID = [
    MOUNTED.replace("ingress: []", 'ingress: []  # expect: dependency-blocked (likely) "Pod shop/cart"'),
    MOUNTED.replace("configMap: {name: cart}", "projected: {sources: [{configMap: {name: cart}}]}").replace(
        "ingress: []", "ingress: []  # expect: dependency-blocked (likely)"
    ),
    SHOP + '  ingress: []  # expect: 3 dependency-blocked (likely) "Pod shop/cart"',
    SHOP + "  ingress:  # expect: dependency-blocked (likely)\n  - from: [{podSelector: {matchLabels: {app: web}}}]",
    SHOP + "  ingress:  # expect: dependency-blocked (likely)\n  - {ports: [{port: 6380}]}",
    SHOP.replace("matchLabels: {app: redis}", "matchLabels: {app: cart}")
    + "  egress:  # expect: dependency-blocked (likely)\n  - {ports: [{port: 53, protocol: UDP}]}\n  policyTypes: [Egress]",
    "# config: world=closed\n" + SHOP + "  ingress: []  # expect: dependency-blocked (proved)",
]


def check(world: World) -> Iterator[Finding]:
    found: dict[object, list[tuple[DialledService, DependencyAnswer]]] = {}
    for dependency in world.find(list_dependencies):
        answer = world.ask(DependencyReached(dependency))
        if not answer.holds:
            place = answer.denied[0][0]
            found.setdefault((place.file, place.object, place.path), []).append((dependency, answer))
    yield from (_make_finding(*alike) for alike in found.values())


def _make_finding(
    first: tuple[DialledService, DependencyAnswer], *others: tuple[DialledService, DependencyAnswer]
) -> Finding:
    """One finding of all that the same rules of a policy cut off."""
    dependency, answer = first
    more = f", and {len(others)} more are cut off here" if others else ""
    return Finding(
        at=answer.denied[0][0],
        answer=answer,
        message=f"{dependency.source} dials {dependency.name}, but no policy lets it through to {dependency.service}{more}",
        related=(
            (dependency.name.place, "dialled here"),
            *answer.denied[1:],
            *((other.name.place, f"dials {other.name}") for other, _ in others),
        ),
    )
