"""A field or an API is deprecated.

It works on the target version, and the server warns of it: a later version
may refuse it, or take it and do nothing.
Use what the message names instead.
"""

from collections.abc import Iterator

from kubeqed.rule import Certainty, Finding, Meta, World
from kubeqed.rule.server_findings import findings_of_server

META = Meta(
    summary="field or API is deprecated",
    certainty=Certainty.POSTURE,
    since="0.1",
    references=("https://kubernetes.io/docs/reference/using-api/deprecation-policy/",),
)

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
"""

VALID = [SERVICE + "spec: {ports: [{port: 80}]}"]
INVALID = [
    SERVICE
    + """spec: {ports: [{port: 80}], externalIPs: [203.0.113.7]}  # expect: field-deprecated (posture)
---
apiVersion: v1  # expect: field-deprecated (posture)
kind: Endpoints
metadata: {name: web}
""",
]


def check(world: World) -> Iterator[Finding]:
    yield from findings_of_server(world, "field-deprecated")
