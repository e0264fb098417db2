"""An Ingress names a Secret for TLS that does not exist in its namespace.

Most controllers answer with a certificate of their own, which browsers refuse; others
do not serve the host at all. The Secret has to stand in the namespace of the Ingress.
Correct the name, copy the Secret, or have cert-manager make it. A Secret that reflector,
kubernetes-replicator or kubed is asked to copy there, by its annotations, is not missing.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.ingress import Ingress
from kubeqed.prove.questions.tls_secret import TlsSecretExists
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="Secret for TLS does not exist",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",),
)

STORED = """
apiVersion: v1
kind: Secret
metadata: {name: shop-tls, namespace: shop}
type: kubernetes.io/tls
stringData: {tls.crt: a, tls.key: b}
---
"""
CERTIFICATE = """
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: shop, namespace: shop}
spec: {secretName: shop-tls, dnsNames: [shop.example.com]}
---
"""
INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
  tls:
"""
OPERATOR = "apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: x}\n---\n"
ISSUED = INGRESS.replace("namespace: shop}", "namespace: shop, annotations: {cert-manager.io/cluster-issuer: ours}}", 1)
ELSEWHERE = INGRESS.replace("web, namespace: shop", "web, namespace: front")
REFLECTED = CERTIFICATE.replace(
    "secretName: shop-tls",
    """secretName: shop-tls, secretTemplate: {annotations: {
  reflector.v1.k8s.emberstack.com/reflection-auto-enabled: "true",
  reflector.v1.k8s.emberstack.com/reflection-auto-namespaces: "front,back"}}""",
)
REPLICATED = STORED.replace(
    "namespace: shop}", 'namespace: shop, annotations: {replicator.v1.mittwald.de/replicate-to: "f.*"}}'
)

VALID = [
    STORED + INGRESS + "  - secretName: shop-tls",
    CERTIFICATE + INGRESS + "  - secretName: shop-tls",
    STORED + INGRESS + "  - secretName: '${SECRET}'",
    INGRESS + "  - hosts: [shop.example.com]",
    STORED + ISSUED + "  - secretName: shop-tlss",
    CERTIFICATE.replace("cert-manager.io/v1", "external-secrets.io/v1").replace("Certificate", "ExternalSecret")
    + INGRESS
    + "  - secretName: shop-tls",
    INGRESS + "  - secretName: shop-tls  # expect: tls-secret-missing (possible)",
    OPERATOR + STORED + ELSEWHERE + "  - secretName: shop-tls  # expect: tls-secret-missing (possible)",
    INGRESS.replace("spec:", "spec:\n  ingressClassName: alb") + "  - secretName: shop-tls",
    REFLECTED + ELSEWHERE + "  - secretName: shop-tls",
    CERTIFICATE + CERTIFICATE.replace("namespace: shop", "namespace: front") + ELSEWHERE + "  - secretName: shop-tls",
    REPLICATED + ELSEWHERE + "  - secretName: shop-tls  # expect: tls-secret-missing (possible)",
]
INVALID = [
    STORED + INGRESS + "  - secretName: shop-tsl  # expect: 17 tls-secret-missing (likely)",
    CERTIFICATE + INGRESS + '  - secretName: shoptls  # expect: tls-secret-missing (likely) "Certificate shop/shop"',
    STORED + ELSEWHERE + '  - secretName: shop-tls  # expect: tls-secret-missing (likely) "in another namespace"',
    CERTIFICATE + ELSEWHERE + "  - secretName: shop-tls  # expect: tls-secret-missing (likely)",
    REFLECTED.replace("front,", "")
    + ELSEWHERE
    + '  - secretName: shop-tls  # expect: tls-secret-missing (likely) "Certificate shop/shop"',
    "# config: world=closed\n" + INGRESS + "  - secretName: shop-tls  # expect: tls-secret-missing (proved)",
]


def check(world: World) -> Iterator[Finding]:
    for ingress in world.of(Ingress):
        seen: set[str] = set()
        for tls in ingress.tls:
            answer = world.ask(TlsSecretExists(ingress, tls))
            if answer.holds or str(tls.secret) in seen:
                continue
            seen.add(str(tls.secret))
            place = ingress.at(f"{tls.path}.secretName")
            yield Finding(
                at=place,
                answer=answer,
                message=f"{ingress} takes its certificate from Secret {tls.secret}, which does not exist in its namespace{answer.candidate}",
                related=answer.related,
                edit=(place, answer.meant) if answer.meant else None,
            )
