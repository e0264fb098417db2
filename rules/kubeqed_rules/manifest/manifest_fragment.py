"""A document is a fragment: a patch, an assertion of a test, a name to be deleted.

It looks like an object but no server gets it as it stands, so it takes part in
nothing: no other rule judges it, and no policy, Service or reachability answer
knows it. A fragment is what a kustomization or a test suite names as a patch or
an assertion (also in a comment of the kustomization), what is named
`NN-assert.yaml` or `NN-errors.yaml`, what is named `*patch*` or `*delete*` and
lacks required fields, what has nothing at all of the fields that its kind needs,
and what `config.kubernetes.io/local-config` keeps from the server. So is all of
a file in which an object has several keys of another program, such as a test
with what it expects. If it was to be applied as it is, add what it lacks, or
name its file otherwise.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="document is no whole object and takes part in nothing",
    certainty=Certainty.POSSIBLE,
    since="0.1",
    references=(
        "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/",
        "https://kuttl.dev/docs/kuttl-test-harness.html",
    ),
)

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment{}
metadata: {{name: web}}
spec:
  replicas: 3
"""
WHOLE = """
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}
"""
FRAGMENT = "  # expect: manifest-fragment (possible)"

VALID = [
    DEPLOYMENT.format("") + WHOLE,
    DEPLOYMENT.format("") + "  selector: {matchLabels: {app: web}}",
    DEPLOYMENT.format("") + "  containers: [{name: web, image: nginx}]",
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}",
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: None}",
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}",
]
INVALID = [
    DEPLOYMENT.format(FRAGMENT),
    DEPLOYMENT.format(FRAGMENT) + "  template: {metadata: {annotations: {a.b/c: d}}}",
    f"apiVersion: v1\nkind: Service{FRAGMENT}\nmetadata: {{name: web}}",
    f"$patch: delete\napiVersion: v1\nkind: Service{FRAGMENT}\nmetadata: {{name: web}}",
]
