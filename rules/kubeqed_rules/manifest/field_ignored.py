"""A field is accepted and has no effect.

The API server takes the object with a warning that few people see; what the
field was meant to do does not happen.
Remove it, or change what makes it ineffective.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="field has no effect",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/#headless-services",),
    server=True,
)

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: db}
"""

VALID = [
    SERVICE + "spec: {sessionAffinity: ClientIP, ports: [{port: 5432}]}",
    SERVICE + "spec: {clusterIP: None, ports: [{port: 5432}]}",
]
INVALID = [
    SERVICE + "spec: {clusterIP: None, sessionAffinity: ClientIP, ports: [{port: 5432}]}  # expect: field-ignored",
    SERVICE + "spec: {externalName: db.example.com, ports: [{port: 5432}]}  # expect: field-ignored",
]
