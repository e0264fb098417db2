"""A field or an API is deprecated.

It works on the target version, and the server warns of it: a later version
may refuse it, or take it and do nothing.
Use what the message names instead.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="field or API is deprecated",
    certainty=Certainty.POSTURE,
    since="0.1",
    references=("https://kubernetes.io/docs/reference/using-api/deprecation-policy/",),
    server=True,
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
