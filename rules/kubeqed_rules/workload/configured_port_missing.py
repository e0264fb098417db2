"""A variable, an argument or a ConfigMap names a port that the Service does not have.

A Service answers on its own ports, `spec.ports[].port`, and on no other: packets to
any other port of its address are dropped or refused, also to the port on which the
pods listen. A headless Service has no address, and its pods are dialled directly.
Name a port of the Service.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.configured_name import ConfiguredPortExists, group_configured
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="Service does not have the configured port",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",),
)

CLIENT = """
apiVersion: v1
kind: Service
metadata: {name: orders}
spec:
  selector: {app: orders}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: shop
    env:
    - name: ORDERS
      value: """
CONFIG = CLIENT + "none\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  app.conf: |"
NAMED = CONFIG.replace("{name: orders}", "{name: orders, namespace: shop}").replace(
    "{name: web}", "{name: web, namespace: shop}"
)
PAIR = (
    CLIENT
    + """orders
    - name: ORDERS_PORT
      value: """
)
HEADLESS = CLIENT.replace("spec:\n  selector", "spec:\n  clusterIP: None\n  selector")

VALID = [
    CLIENT + "orders:80",
    CLIENT + "http://orders/v1",
    CLIENT + "http://orders:${PORT}/v1",
    CLIENT + "http://orders.{{ .Values.name }}-shop.svc:81",
    CLIENT + "http://{{ .Values.prefix }}orders:81",
    CLIENT + "https://orders  # expect: configured-port-missing (possible)",  # the program may add a port
    CLIENT.replace("{port: 80, targetPort: 8080}", "${PORTS}") + "orders:81",
    CLIENT.replace("spec:\n  selector", "spec:\n  type: ExternalName\n  externalName: a.example.com\n  selector")
    + "orders:81",
    CLIENT.replace("ORDERS", "ORDERS_PASSWORD") + "orders:4711",
    CLIENT.replace("ORDERS", "ORDERS_IMAGE") + "orders:2026",
    HEADLESS + "orders:8080",
    PAIR.replace("ORDERS\n", "ORDERS_HOST\n") + "'80'",
    PAIR.replace("ORDERS\n", "ORDERS_HOST\n") + "'${PORT}'",
    PAIR.replace("ORDERS\n", "PAYMENTS_HOST\n") + "'81'",
    PAIR.replace("ORDERS\n", "SERVER_HOST\n").replace("ORDERS_PORT", "SERVER_PORT") + "'81'",  # its own
    CONFIG + "\n    # orders:81\n    orders = orders:80\n",
    NAMED  # nginx adds the port where it uses the variable
    + "\n    set $orders https://orders.shop.svc.cluster.local;  # expect: configured-port-missing (possible)\n    proxy_pass $orders:80;\n",
    CLIENT.replace("kind: Pod\nmetadata: {name: web}", "kind: Pod\nmetadata: {name: web, labels: {app: orders}}")
    + "orders:9090  # expect: configured-port-missing (possible)",
]
INVALID = [
    CLIENT + 'http://orders:8080  # expect: 14 configured-port-missing (proved) "8080 is the targetPort of 80"',
    CLIENT + "orders:81  # expect: configured-port-missing (proved)",
    CLIENT + "https://orders/v1  # expect: configured-port-missing (likely)",
    PAIR.replace("ORDERS\n", "ORDERS_HOST\n") + "'81'  # expect: 14 configured-port-missing (likely)",
    PAIR.replace("ORDERS\n", "ordersHost\n").replace("ORDERS_PORT", "ordersPort")
    + "'81'  # expect: configured-port-missing (likely)",
    CLIENT + "a:80,orders:81  # expect: configured-port-missing (proved)",
    CONFIG + "\n    a = 1\n    orders = orders:81  # expect: 14 configured-port-missing (likely)\n",
    CONFIG
    + "-  # not folded\n\n    [a]\n      orders = http://orders:81/x # expect: 23 configured-port-missing (likely)\n",
    CONFIG.replace("|", ">") + "  # expect: configured-port-missing (likely)\n    orders = orders:81\n\n    a = 1\n",
]


def check(world: World) -> Iterator[Finding]:
    for name, *others in world.find(group_configured):
        answer = world.ask(ConfiguredPortExists(name))
        if answer.holds:
            continue
        yield Finding(
            at=name.place,
            answer=answer,
            at_most=answer.at_most,
            message=f"{name.source} dials port {name.dialled.port} of {answer.service}, which has only {answer.offered}",
            related=(
                (answer.service.at("spec.ports"), "the ports it has"),
                *((other.place, "the same port here") for other in others),
            ),
        )
