"""A variable, an argument or a ConfigMap names a Service that does not exist.

The name does not resolve, so the program fails when it dials it, often long
after it started. Read are URLs, `host:port`, lists of them, and names spelt as the
DNS of the cluster spells them (`orders.shop.svc`), where they are near a Service of
the unit or name a namespace of it; also pods of a StatefulSet by their number.
Correct the name, or add the Service.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.configured_name import ConfiguredServiceExists, group_configured
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="configured Service does not exist",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/",),
)

ORDERS = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{port: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  replicas: 3
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: postgres}]}}
---
"""
CLIENT = (
    ORDERS
    + """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: shop
"""
)
ENV = CLIENT + "    env:\n    - name: ORDERS\n      value: "
ARGS = CLIENT + "    env: [{name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}]\n    args:\n    - "
CONFIG = CLIENT + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: shop}\ndata:\n"
ALIAS = """
---
apiVersion: v1
kind: Service
metadata: {name: alias, namespace: shop}
spec:
  type: ExternalName
  externalName: orders.shop.svc.cluster.local"""

VALID = [
    ENV + "none" + ALIAS,
    ENV + "none" + ALIAS.replace("orders.shop.svc.cluster.local", "db.example.com"),
    ENV + "http://orders:8080",
    ENV + "http://orders.shop.svc.cluster.local:8080/v1",
    ENV + "http://api.example.com",
    ENV + "http://payments:8080",  # by a name that is near no other, anything may be meant
    ENV + "http://${ORDERS}.shop.svc",
    ENV + "prometheus.monitoring.svc:9090",  # of a namespace of which nothing is seen
    ENV + "kubernetes.default.svc",
    ENV + "payments.shop.svc:8080  # expect: configured-service-missing (possible)",
    ENV + "postgres://db-2.db:5432/app",
    ENV + "'10.0.0.1:5432'",
    ENV.replace("ORDERS", "ORDERS_IMAGE") + "order:20",
    ENV.replace("ORDERS", "ORDERS_TABLE") + "order",
    ENV.replace("  containers:", "  hostAliases: [{ip: 10.0.0.1, hostnames: [order]}]\n  containers:")
    + "http://order:8080",
    ARGS + "--backend-service=$(NS)/orders",
    CLIENT + "    command: [sh, -c, 'curl http://order:8080']",
    CONFIG + "  app.conf: |\n    # once http://order:8080\n    url = http://orders:8080\n",
    CONFIG + "  run.sh: |\n    curl http://order:8080\n",
    CONFIG + "  nginx.conf: |\n    upstream order {}\n    proxy_pass http://order;\n",
    ENV.replace("namespace: shop", "namespace: '${NAMESPACE}'") + "http://orders.shop.svc:8080",
]
INVALID = [
    ENV + "none" + ALIAS.replace("orders", "ordrs") + "  # expect: 17 configured-service-missing (likely)",
    ENV
    + 'http://order:8080  # expect: 14 configured-service-missing (likely) "Service shop/orders has nearly this name"',
    ENV + "jdbc:postgresql://dbs:5432/app  # expect: configured-service-missing (likely)",
    ENV + "kafka:9092,orderz:8080  # expect: configured-service-missing (likely)",
    ENV + "amqp://user:secret@order.shop.svc:8080  # expect: configured-service-missing (likely)",
    ENV.replace("ORDERS", "ORDERS_HOST") + "order  # expect: configured-service-missing (likely)",
    ENV.replace("web, namespace: shop", "web, namespace: front") + "orders:8080  # expect: configured-service-missing",
    ENV + "gcomm://db-0.db,db-1.db,db-3.db  # expect: configured-service-missing (likely)",
    ENV + 'db-3.db:5432  # expect: configured-service-missing (likely) "numbered 0 to 2"',
    ARGS + "--url=http://order.$(NS):8080  # expect: configured-service-missing (likely)",
    ARGS + "--backend-service=$(NS)/order  # expect: configured-service-missing (likely)",
    CONFIG + "  ORDERS: http://order:8080  # expect: configured-service-missing (likely)",
    CONFIG
    + "  app.conf: |\n    url = http://order:8080  # expect: 18 configured-service-missing (likely)\n    x = 1\n",
    "# config: world=closed\n" + ENV + "payments.shop.svc:8080  # expect: configured-service-missing (proved)",
]


def check(world: World) -> Iterator[Finding]:
    for name, *others in world.find(group_configured):
        answer = world.ask(ConfiguredServiceExists(name))
        if answer.holds:
            continue
        verb = "leads to" if name.source.kind == "Service" else "dials"
        yield Finding(
            at=name.place,
            answer=answer,
            message=f"{name.source} {verb} {name}, but {answer.what} does not exist{answer.candidate}",
            related=(*answer.related, *((other.place, "the same name here") for other in others)),
        )
