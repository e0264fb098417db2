"""Whether the Gateway to which a ListenerSet adds listeners admits it. One that says nothing admits none.

https://gateway-api.sigs.k8s.io/reference/spec/#allowedlisteners
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.gateway import Gateway
from kubeqed.model.kinds.gatewayroute import GROUP
from kubeqed.model.kinds.object import Object, ObjectReference
from kubeqed.model.kinds.selector import read_selector
from kubeqed.model.values.fields import apply_default, read_field, read_text
from kubeqed.model.values.known import equals
from kubeqed.prove.clauses.admitted_namespaces import AllowedNamespaces, namespace_formula
from kubeqed.prove.clauses.named_object import candidates, is_named
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import first_fault
from kubeqed.prove.engine.formula import implies
from kubeqed.resolve import Resolver

ADMITTED = "spec.allowedListeners"
_KINDS = ((GROUP, "ListenerSet"), ("gateway.networking.x-k8s.io", "XListenerSet"))


class ListenersAnswer(Answer):
    """Whether a Gateway admits a set of listeners; `gateway` is the one that does not."""

    def __init__(self, decision: Decision, gateway: Gateway | None = None) -> None:
        super().__init__(decision)
        self._gateway = gateway

    @property
    def gateway(self) -> Gateway:
        """The Gateway that admits them not; LookupError when the property holds."""
        if self._gateway is None:
            raise LookupError("the listeners are admitted")
        return self._gateway


class ListenerSetAdmitted(NamedTuple):
    """The Gateway that a ListenerSet names, where it is seen, admits sets of its namespace."""

    listeners: Object

    def answer(self, graph: Resolver) -> ListenersAnswer:
        """Holds where another kind is named, and where the labels of the namespace are not seen."""
        reference = _read_parent(self.listeners)
        if reference is None:
            return ListenersAnswer(HOLDS)
        cases = (
            (
                item,
                sure,
                implies(is_named(reference, item), namespace_formula(graph, _read_allowed(item), self.listeners)),
            )
            for item, sure in candidates(graph, reference)
            if isinstance(item, Gateway)
        )
        return ListenersAnswer(*first_fault(cases))


def list_listener_sets(graph: Resolver) -> list[Object]:
    """The sets of listeners of a unit."""
    return [item for kind in _KINDS for item in graph.of_kind(kind)]


def _read_parent(item: Object) -> ObjectReference | None:
    parent = read_field(read_field(item.identity.root, "spec"), "parentRef")
    name, own = read_text(parent, "name"), read_text(parent, "namespace")
    group, kind = apply_default(read_text(parent, "group"), GROUP), apply_default(read_text(parent, "kind"), "Gateway")
    if name is None or not equals(group, GROUP) or not equals(kind, "Gateway"):
        return None
    return ObjectReference(
        item, "spec.parentRef.name", (GROUP, "Gateway"), item.namespace if own is None else own, name
    )


def _read_allowed(gateway: Gateway) -> AllowedNamespaces:
    allowed = read_field(read_field(read_field(gateway.identity.root, "spec"), "allowedListeners"), "namespaces")
    path = f"{ADMITTED}.namespaces"
    origin = apply_default(read_text(allowed, "from"), "None")
    return AllowedNamespaces(gateway, f"{path}.from", origin, read_selector(allowed, "selector", f"{path}.selector"))
