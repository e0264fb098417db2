"""A workload does not select its own pods.

The selector must match the labels of the template, otherwise the controller
would make pods for ever without finding any of them; the API server refuses
the object.
Make the labels of the template hold everything that the selector asks for.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="workload does not select its template",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector",),
    server=True,
)

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    spec: {containers: [{name: web, image: nginx}]}
"""

VALID = [
    WEB + "    metadata: {labels: {app: web, tier: front}}",
    WEB + "    metadata: {labels: {app: '${APP}'}}",
]
INVALID = [
    WEB + "    metadata: {labels: {app: shop}}  # expect: template-not-selected",
    WEB + "    metadata: {labels: {tier: front}}  # expect: template-not-selected",
]
