"""Whether the Services that the API server calls are there: those of webhooks, of conversions, and of APIs that are served elsewhere.

https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#service-reference
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.kinds.object import Object, ObjectReference
from kubeqed.model.kinds.service import Service
from kubeqed.model.values.fields import apply_default, read_field, read_integer, read_items, read_text
from kubeqed.parse import Unknown, Value
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import candidates, find_named, is_named
from kubeqed.prove.clauses.port_answer import MissingPortAnswer
from kubeqed.prove.clauses.selects import is_external_name
from kubeqed.prove.engine.decide import first_fault
from kubeqed.prove.engine.facts import make_fact, nothing_more_fact
from kubeqed.prove.engine.formula import Equal, Formula, Holds, Or, implies
from kubeqed.resolve import Resolver

_WEBHOOKS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
_PORT = 443


class ServiceCall(NamedTuple):
    """A Service that the API server calls; `path` is where its reference stands."""

    source: Object
    path: str
    name: str | Unknown
    namespace: str | Unknown | None
    port: int | Unknown

    @property
    def reference(self) -> ObjectReference:
        """The Service."""
        return ObjectReference(self.source, f"{self.path}.name", ("", "Service"), self.namespace, self.name)


def list_service_calls(graph: Resolver) -> Iterator[ServiceCall]:
    """What the API server calls, in a unit; of an object each Service and port once."""
    for item in _list_callers(graph):
        seen: set[tuple[str, ...]] = set()
        for call in filter(None, (_read_call(item, node, path) for node, path in _list_references(item))):
            key = tuple(map(str, call[2:]))
            if key not in seen:
                yield call
            seen.add(key)


class CalledServiceExists(NamedTuple):
    """The Service that the API server calls stands in its namespace."""

    call: ServiceCall

    def answer(self, graph: Resolver) -> MissingAnswer:
        """Depends, in an open world, on objects outside the input."""
        return find_named(graph, self.call.reference)


class CalledPortExists(NamedTuple):
    """The Service that the API server calls, where it is seen, has the port, which is 443 where none is written."""

    call: ServiceCall

    def answer(self, graph: Resolver) -> MissingPortAnswer:
        """Fails at the first Service that is named and lacks the port."""
        reference = self.call.reference
        cases = (
            (item, sure, implies(is_named(reference, item), self._has_port(item)))
            for item, sure in candidates(graph, reference)
            if isinstance(item, Service) and item.ports.items
        )
        return MissingPortAnswer(*first_fault(cases), self.call.port)

    def _has_port(self, service: Service) -> Formula:
        wanted = make_fact(self.call.source, f"{self.call.path}.port", self.call.port)
        entries = (entry for entry in service.ports if entry.port is not None)
        has = (Equal(wanted, make_fact(service, f"{entry.path}.port", entry.port)) for entry in entries)
        return Or((is_external_name(service), *has, Holds(nothing_more_fact(service, "spec.ports", service.ports))))


def _list_callers(graph: Resolver) -> Iterator[Object]:
    for kind in _WEBHOOKS:
        yield from graph.of_kind(("admissionregistration.k8s.io", kind))
    yield from graph.of_kind(("apiregistration.k8s.io", "APIService"))
    yield from graph.of_kind(("apiextensions.k8s.io", "CustomResourceDefinition"))


def _list_references(item: Object) -> Iterator[tuple[Value, str]]:
    """The references to Services of an object, and their paths."""
    root = item.identity.root
    for index, webhook in enumerate(read_items(root, "webhooks") if item.kind in _WEBHOOKS else ()):
        yield read_field(read_field(webhook, "clientConfig"), "service"), f"webhooks[{index}].clientConfig.service"
    spec = read_field(root, "spec")
    if item.kind == "APIService":
        yield read_field(spec, "service"), "spec.service"
    elif item.kind not in _WEBHOOKS:
        config = read_field(read_field(read_field(spec, "conversion"), "webhook"), "clientConfig")
        yield read_field(config, "service"), "spec.conversion.webhook.clientConfig.service"


def _read_call(item: Object, node: Value, path: str) -> ServiceCall | None:
    name = read_text(node, "name")
    if name is None:
        return None
    port = apply_default(read_integer(node, "port"), _PORT)
    return ServiceCall(item, path, name, read_text(node, "namespace"), port)
