"""An autoscaler names a workload that does not exist in its namespace.

The HorizontalPodAutoscaler is accepted and reports `FailedGetScale`: nothing is ever
scaled, and under load the pods stay as few as they are. KEDA's ScaledObject and
the VerticalPodAutoscaler do nothing either.
Correct `scaleTargetRef`, its kind too, or put both into one namespace.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.autoscaler import Autoscaler
from kubeqed.prove.questions.scale_target import ScaleTargetExists
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="target of an autoscaler does not exist",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",),
)

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: storefront}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}
---
"""
SCALER = """apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  maxReplicas: 3
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
"""
KEDA = """apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: web}
spec:
  scaleTargetRef:
"""
OPERATOR = "apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: x}\n---\n"

VALID = [
    WEB + SCALER + "    name: storefront",
    WEB.replace("apps/v1", "extensions/v1beta1") + SCALER + "    name: storefront",
    WEB + SCALER + "    name: ${TARGET}",
    WEB + SCALER.replace("kind: Deployment", "kind: Rollout") + "    name: storefrnt",
    WEB + SCALER + "    name: other  # expect: scale-target-missing (possible)",
    OPERATOR
    + WEB
    + SCALER.replace("{name: web}", "{name: storefront-hpa}")
    + "    name: front  # expect: scale-target-missing (possible)",
    WEB + KEDA + "    name: storefront",
    OPERATOR
    + WEB.replace("{name: storefront}", "{name: storefront, namespace: a}")
    + SCALER.replace("{name: web}", "{name: web, namespace: b}")
    + "    name: storefront  # expect: scale-target-missing (possible)",
]
INVALID = [
    WEB + SCALER + '    name: storefrnt  # expect: 11 scale-target-missing (likely) "nearly this name"',
    WEB + KEDA + "    name: storefronts  # expect: scale-target-missing (likely)",
    WEB
    + SCALER.replace("{name: web}", "{name: storefront-hpa}")
    + '    name: front  # expect: scale-target-missing (likely) "has the name of the autoscaler"',
    WEB.replace("kind: Deployment", "kind: StatefulSet")
    + SCALER.replace(
        "Deployment", 'Deployment  # expect: scale-target-missing (likely) "StatefulSet storefront has this"'
    )
    + "    name: storefront",
    WEB.replace("{name: storefront}", "{name: storefront, namespace: a}")
    + SCALER.replace("{name: web}", "{name: web, namespace: b}")
    + "    name: storefront  # expect: scale-target-missing (likely)",
    "# config: world=closed\n" + WEB + SCALER + "    name: other  # expect: scale-target-missing (proved)",
]


def check(world: World) -> Iterator[Finding]:
    for autoscaler in world.of(Autoscaler):
        answer = world.ask(ScaleTargetExists(autoscaler))
        if answer.holds:
            continue
        place = autoscaler.at(f"{autoscaler.target_path}.{answer.field}")
        yield Finding(
            at=place,
            answer=answer,
            message=f"{autoscaler} scales {autoscaler.target_kind} {autoscaler.target_name}, which does not exist, so nothing is scaled{answer.candidate}",
            related=answer.related,
            edit=(place, answer.meant) if answer.meant else None,
        )
