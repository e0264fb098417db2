"""An Ingress, or a listener of a Gateway, names a Secret for TLS that does not exist.

Most controllers answer with a certificate of their own, which browsers refuse; others
do not serve the host at all. The Secret has to stand in the namespace of the Ingress, or
in that which the Gateway names. A listener without its certificate is not programmed.
Correct the name, copy the Secret, or have cert-manager make it. A Secret that reflector,
kubernetes-replicator or kubed is asked to copy there, by its annotations, is not missing.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.tls_secret import TlsSecretExists, list_tls_secrets
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="Secret for TLS does not exist",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
        "https://gateway-api.sigs.k8s.io/guides/tls/",
    ),
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
GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: ours
  listeners:
  - {name: plain, port: 80, protocol: HTTP}
  - name: web
    port: 443
    protocol: HTTPS
    tls:
      certificateRefs:
"""
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
    STORED + GATEWAY + "      - name: shop-tls",
    STORED + GATEWAY.replace("namespace: shop", "namespace: edge") + "      - {name: shop-tls, namespace: shop}",
    CERTIFICATE + GATEWAY + "      - name: shop-tls",
    STORED + GATEWAY + "      - {name: shop-tsl, kind: Bundle, group: example.com}",
    STORED
    + GATEWAY.replace("namespace: shop}", "namespace: shop, annotations: {cert-manager.io/issuer: ours}}")
    + "      - name: shop-tsl",
    GATEWAY + "      - name: shop-tls  # expect: tls-secret-missing (possible)",
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
    STORED + GATEWAY + "      - name: shop-tsl  # expect: 15 tls-secret-missing (likely)",
    STORED
    + GATEWAY.replace("namespace: shop", "namespace: edge")
    + "      - name: shop-tls  # expect: tls-secret-missing (likely)",
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
    for secret in world.find(list_tls_secrets):
        answer = world.ask(TlsSecretExists(secret))
        if not answer.holds:
            place = secret.source.at(secret.path)
            yield Finding(
                at=place,
                answer=answer,
                message=f"{secret.source} takes its certificate from Secret {secret.name}, which does not exist in its namespace{answer.candidate}",
                related=answer.related,
                edit=(place, answer.meant) if answer.meant else None,
            )
