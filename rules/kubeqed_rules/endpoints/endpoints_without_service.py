"""Addresses that are written by hand belong to no Service, by a slip in its name.

An EndpointSlice belongs to the Service that its label `kubernetes.io/service-name` names,
Endpoints to that of their own name. By another name they belong to nobody, and the
Service has no addresses: connections to it are refused.
Write the name of the Service.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.endpoint_service import EndpointsServiceExists, list_endpoints
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="written addresses belong to no Service",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors",),
)

LEDGER = """
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: bank}
spec: {ports: [{port: 5432}]}
---
"""
SLICE = """apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: ledger-1
  namespace: bank
  labels:
    kubernetes.io/service-name: ledger
addressType: IPv4
ports: [{port: 5432}]
endpoints: [{addresses: [192.0.2.7]}]
"""
ENDPOINTS = """apiVersion: v1
kind: Endpoints
metadata:
  name: ledger
  namespace: bank
subsets: [{addresses: [{ip: 192.0.2.7}], ports: [{port: 5432}]}]
"""

VALID = [
    LEDGER + SLICE,
    LEDGER + ENDPOINTS,
    LEDGER + SLICE.replace("-name: ledger", "-name: payments"),
    LEDGER + SLICE.replace("    kubernetes.io/service-name: ledger\n", "    app: ledger\n"),
    LEDGER.replace("spec: {", "spec: {selector: {app: ledger}, ") + ENDPOINTS.replace("name: ledger", "name: ledgers"),
    LEDGER + ENDPOINTS + "---\n" + ENDPOINTS.replace("name: ledger", "name: ledgers"),  # the Service has its own
]
INVALID = [
    LEDGER + SLICE.replace("-name: ledger", "-name: legder  # expect: 33 endpoints-without-service (likely)"),
    LEDGER + ENDPOINTS.replace("name: ledger", "name: ledgers  # expect: 9 endpoints-without-service (likely)"),
    "# config: world=closed\n"
    + LEDGER
    + ENDPOINTS.replace("name: ledger", "name: ledgers  # expect: endpoints-without-service (proved)"),
]


def check(world: World) -> Iterator[Finding]:
    for item in world.find(list_endpoints):
        asked = EndpointsServiceExists(item)
        answer = world.ask(asked)
        if not answer.holds:
            place = item.at(asked.path)
            yield Finding(
                at=place,
                answer=answer,
                message=f"{item} belongs to Service {item.service}, which does not exist{answer.candidate}",
                related=answer.related,
                edit=(place, answer.meant) if answer.meant else None,
            )
