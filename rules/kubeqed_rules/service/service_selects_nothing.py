"""A Service selects no pod.

The name resolves and the connection is refused or times out, because there is
no endpoint behind it: the commonest reason is one label written in two ways.
Make the selector match the labels of the pod template.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.prove.questions.governing_service import GovernsItsPods
from kubeqed.prove.questions.refused_pods import NoPodsRefused
from kubeqed.prove.questions.service_selects import PodsExpected, ServiceSelectsPods
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="Service selects no pod",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/",),
)

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: frontend, labels: {part: shop}}
spec:
  selector: {matchLabels: {app: storefront}}
  template: {metadata: {labels: {app: storefront}}, spec: {containers: [{name: web, image: nginx}]}}
---
apiVersion: v1
kind: Service
"""

VALID = [
    WEB + "metadata: {name: web}\nspec: {selector: {app: storefront}}",
    WEB + "metadata: {name: web}\nspec: {ports: [{port: 80}]}",
    WEB + "metadata: {name: web}\nspec: {selector: {app: '${APP}'}}",
    WEB + "metadata: {name: web}\nspec: {type: ExternalName, externalName: a.example.com, selector: {app: storefrnt}}",
    WEB + "metadata: {name: web}\nspec: {type: '${TYPE}', selector: {app: storefront}}",
    WEB + "metadata: {name: web, namespace: '{{ .Values.namespace }}'}\nspec: {selector: {app: storefront}}",
]
INVALID = [
    WEB.replace("labels: {app: storefront}}, spec", "labels: {app: storefront, tier: backend}}, spec")
    + "metadata: {name: web}\nspec:\n  selector:\n    app: storefront\n    tier: bakend  # expect: service-selects-nothing",
    WEB + "metadata: {name: web}\nspec:\n  selector:\n    app: storefrnt  # expect: service-selects-nothing",
    WEB + "metadata: {name: web}\nspec:\n  selector:\n    part: shop  # expect: service-selects-nothing",
    WEB + "metadata: {name: frontend-svc}\nspec:\n  selector:\n    run: web  # expect: service-selects-nothing",
]


def check(world: World) -> Iterator[Finding]:
    for service in world.of(Service):
        answer = world.ask(ServiceSelectsPods(service))
        if answer.holds or not world.ask(PodsExpected(service)).holds:
            continue
        if world.ask(NoPodsRefused(service)).fails:  # the same mistake, which `template-not-selected` names
            continue
        if world.ask(GovernsItsPods(service)).fails:  # the same mistake, and worse: said of the StatefulSet
            continue
        yield Finding(
            at=service.at(answer.entry),
            answer=answer,
            message=f"{service} selects no pod{answer.candidate}",
            related=answer.related,
        )
