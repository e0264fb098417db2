"""A document cannot be read.

What stands in it never reaches the cluster, and kubeqed cannot tell what it
would have defined, so it calls nothing in the same unit missing. The other
documents of the file are still analysed. Correct the document; a template is
rendered first.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="document cannot be read",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://yaml.org/spec/1.2.2/", "https://kubernetes.io/docs/concepts/overview/working-with-objects/"),
)

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
"""

VALID = [
    SERVICE + "spec: {ports: [{port: 80}]}",
    SERVICE + "spec: {ports: [{port: '${PORT}'}]}",
    SERVICE + "---\n# nothing but a comment\n---\n" + SERVICE,
    "services:\n  web: {image: [nginx}\n",
]
INVALID = [
    SERVICE + "spec: {ports: [{port: 80}  # expect: parse-error\n---" + SERVICE + "spec: {clusterIP: None}",
    SERVICE + "spec:\n  ports: &ports [*ports]  # expect: parse-error",
    SERVICE + "spec: {healthCheckNodePort: .inf}  # expect: 29 parse-error",
]
