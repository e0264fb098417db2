"""A field does not exist.

The API server drops a field it does not know with a warning that few people
read, or refuses the object when the client asks for strict validation, as
kubectl does. What the field was meant to say is not said either way: a policy
with a misspelt selector selects everything.
Correct the name (the nearest one is given), or move the field to where it
belongs.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="field does not exist",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",),
    server=True,
)

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports: [{port: 80}]
"""

VALID = [SERVICE + "  selector: {app: web}", SERVICE + "  selector: {matchLabels: web}"]
INVALID = [
    SERVICE + "  selectors: {app: web}  # expect: field-unknown",
    SERVICE + "  Selector: {app: web}  # expect: field-unknown",
    SERVICE + "  nodePort: 30080  # expect: field-unknown",
]
