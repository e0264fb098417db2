"""Endpoints that are written by hand name a port as their Service does not.

A Service without a selector gets its addresses from an EndpointSlice, or an
Endpoints object. Their ports are joined to those of the Service by name alone, an
absent name being a name too: where they differ, the Service has no endpoint.
Give both ports the same name, or neither.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.prove.questions.endpoint_ports import EndpointPortNamed, describe_name
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="endpoints name a port as their Service does not",
    certainty=Certainty.LIKELY,
    when_unseen=WhenUnseen.LIKELY,  # other endpoints would have to have the name
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors",
        "https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/",
    ),
)

DB = """
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {ports: [{name: sql, port: 5432}]}
---
"""
SLICE = """apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: db-1, labels: {kubernetes.io/service-name: db}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.1]}]
ports:
"""
ENDPOINTS = """apiVersion: v1
kind: Endpoints
metadata: {name: db}
subsets:
- addresses: [{ip: 192.0.2.1}]
  ports:
"""

VALID = [
    DB + SLICE + "- {name: sql, port: 5432}",
    DB + SLICE + "- {name: '${NAME}', port: 5432}",
    DB.replace("name: sql, ", "") + ENDPOINTS + "  - {port: 5432}",
    DB.replace("name: sql, ", "") + SLICE + "- {name: '', port: 5432}",
    DB + SLICE + "- {name: sql, port: 5432}\n- {name: metrics, port: 9187}",
    DB.replace("{ports", "{selector: {app: db}, ports") + SLICE + "- {name: psql, port: 5432}",
    DB.replace("{ports: [{name: sql, port: 5432}]}", "{ports: '${PORTS}'}") + SLICE + "- {name: psql, port: 5432}",
    SLICE + "- {name: psql, port: 5432}",
]
INVALID = [
    DB + SLICE + "- {name: psql, port: 5432}  # expect: 10 endpoint-port-name-mismatch (likely)",
    DB + SLICE + "- {port: 5432}  # expect: endpoint-port-name-mismatch (likely)",
    DB.replace("name: sql, ", "") + ENDPOINTS + "  - {name: sql, port: 5432}  # expect: endpoint-port-name-mismatch",
]


def check(world: World) -> Iterator[Finding]:
    for service in world.of(Service):
        for entry in service.ports:
            answer = world.ask(EndpointPortNamed(service, entry))
            if not answer.holds:
                written, port = answer.strays[0]
                yield Finding(
                    at=answer.place,
                    answer=answer,
                    message=f"{written} gives addresses to {describe_name(port.name)}, but {service} has "
                    f"{describe_name(entry.name)}, so it has no endpoint there",
                    related=((service.at(f"{entry.path}.name"), "the port of the Service"),),
                )
