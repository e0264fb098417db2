"""The API version of an object is no longer served.

The server of the target version does not know it and refuses the object, so
that `kubectl apply` fails with "no matches for kind". Move to the version that
replaced it, whose fields may differ; state the target as `cluster.kubernetes`
in kubeqed.yaml or with `--kubernetes-version` when it is an older one.
"""

from collections.abc import Iterator

from kubeqed.rule import Certainty, Finding, Meta, World
from kubeqed.rule.server_findings import removal_of

META = Meta(
    summary="API version was removed",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://kubernetes.io/docs/reference/using-api/deprecation-guide/",),
)

INGRESS = """
kind: Ingress
metadata: {name: web}
spec: {backend: {serviceName: web, servicePort: 80}}
"""
ADMISSION = """
kind: ValidatingAdmissionPolicy
metadata: {name: web}
"""
POLICY = """
kind: PodSecurityPolicy
metadata: {name: restricted}
"""

VALID = [
    "apiVersion: networking.k8s.io/v1" + INGRESS,
    "# config: kubernetes='1.21'\napiVersion: extensions/v1beta1" + INGRESS,
    "apiVersion: example.com/v1beta1" + INGRESS,
    "apiVersion: extensions/v1beta1\nkind: Extension\nmetadata: {name: web}",
    "apiVersion: ${API}" + INGRESS,
    "# config: kubernetes='1.33'\napiVersion: admissionregistration.k8s.io/v1beta1" + ADMISSION,
]
INVALID = [
    'apiVersion: extensions/v1beta1  # expect: 13 api-removed (rejected) "1.36, assumed"' + INGRESS,
    'apiVersion: networking.k8s.io/v1beta1  # expect: api-removed "networking.k8s.io/v1"' + INGRESS,
    "# config: kubernetes='1.22'\napiVersion: extensions/v1beta1  # expect: api-removed" + INGRESS,
    "# config: kubernetes='1.34'\napiVersion: admissionregistration.k8s.io/v1beta1  # expect: api-removed" + ADMISSION,
    "apiVersion: policy/v1beta1  # expect: api-removed" + POLICY,
    "apiVersion: apps/v1beta2  # expect: api-removed\nkind: Deployment\nmetadata: {name: web}",
]


def check(world: World) -> Iterator[Finding]:
    target = world.cluster.version
    assumed = "" if world.cluster.kubernetes else ", assumed because none is stated"
    for item in world.unit.objects:
        gone = removal_of(item)
        if gone is None or target < gone.version:
            continue
        instead = f"{gone.instead} replaced it" if gone.instead else "nothing replaced it"
        yield Finding(
            at=item.at("apiVersion"),
            message=f"{item} is of {item.identity.api_version}, which Kubernetes {gone.version} removed ({instead}),"
            f" so the server refuses it (target version {target}{assumed})",
            suggestion=f"apiVersion: {gone.instead}" if gone.instead else None,
        )
