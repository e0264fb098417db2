"""The ports of a Service cannot be told apart.

With several ports each needs a name of its own, and no two may share number
and protocol, because Ingresses, policies and DNS records name ports so. The
API server refuses the Service.
Name every port, each once.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="ports of a Service cannot be told apart",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services",),
    server=True,
)

WEB = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports:
"""

VALID = [
    WEB + "  - port: 80",
    WEB + "  - {name: http, port: 80}\n  - {name: https, port: 443}",
    WEB + "  - {name: dns, port: 53}\n  - {name: dns-udp, port: 53, protocol: UDP}",
    WEB + "  - {name: '${NAME}', port: 80}\n  - {name: '${OTHER}', port: 443}",
]
INVALID = [
    WEB + "  - {name: http, port: 80}\n  - port: 443  # expect: service-port-ambiguous",
    WEB + "  - {name: http, port: 80}\n  - {name: http, port: 443}  # expect: service-port-ambiguous",
    WEB + "  - {name: a, port: 80}\n  - {name: b, port: 80}  # expect: service-port-ambiguous",
    WEB + "  - port: 80  # expect: service-port-ambiguous\n  - port: 443\n  - port: 8080",
]
