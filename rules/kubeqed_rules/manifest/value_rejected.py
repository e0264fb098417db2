"""The API server refuses a value.

Most of the server's checks are code, not schema: which values may stand
together, what names and addresses may look like, what a type needs. A
manifest can be perfect YAML, pass every schema and still be refused when it
reaches the cluster, often halfway through a rollout.
The message says what the server would accept.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="API server refuses a value",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://kubernetes.io/docs/reference/using-api/api-concepts/",),
    server=True,
)

POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shop}
spec:
  podSelector: {}
"""

DB = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: postgres}]}}
"""

VALID = [
    DB + "  replicas: 1\n---" + DB + "  replicas: 2",
    POLICY + "  egress: [{to: [{ipBlock: {cidr: 10.20.0.0/16, except: [10.20.4.0/24]}}]}]",
    POLICY + "  egress: [{to: [{ipBlock: {cidr: '${CLIENTS}', except: [10.20.4.0/24]}}]}]",
    POLICY + "  ingress: [{ports: [{port: 8080, endPort: 8090}]}]",
]
INVALID = [
    DB + "  serviceName: db\n---" + DB + "  serviceName: database  # expect: value-rejected",
    POLICY + "  egress: [{to: [{ipBlock: {cidr: 10.20.0.0/16, except: [10.21.0.0/24]}}]}]  # expect: value-rejected",
    POLICY + "  egress: [{to: [{ipBlock: {cidr: 10.20.0.5/16}}]}]  # expect: value-rejected",
    POLICY + "  ingress: [{ports: [{port: 8080, endPort: 80}]}]  # expect: value-rejected",
    POLICY + "  ingress: [{ports: [{protocol: tcp}]}]  # expect: value-rejected",
]
