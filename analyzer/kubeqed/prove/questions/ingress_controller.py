"""Whether the controller of an Ingress reads what stands in it, and can reach what is behind it."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.model.addresses.modes import MODES, VPC_NATIVE
from kubeqed.model.cluster import Cluster
from kubeqed.model.ingress.controllers import IngressController, load_controllers
from kubeqed.model.kinds.ingress import Ingress, ServiceBackend
from kubeqed.model.kinds.object import ObjectReference
from kubeqed.model.kinds.service import Service
from kubeqed.parse import Unknown, Variable
from kubeqed.prove.clauses.named_object import candidates, is_named
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.decide import first_fault
from kubeqed.prove.engine.facts import make_fact
from kubeqed.prove.engine.formula import Equal, Fact, Formula, Holds, Or, implies
from kubeqed.resolve import Resolver
from kubeqed.resolve.edit_distance import are_near
from kubeqed.resolve.ingress_classes import find_class, find_serving

_OLD_PREFIX = "ingress.kubernetes.io/"
_TARGET = "alb.ingress.kubernetes.io/target-type"
_GROUPS = "cloud.google.com/neg"
_EXPOSED = ("NodePort", "LoadBalancer")


class AnnotationAnswer(Answer):
    """Whether an annotation is read; `serving` are the controllers of the Ingress in words.

    `is_left_over` says that the class comes from another file, as an overlay's does that uses another controller than the base.
    """

    def __init__(self, decision: Decision, serving: list[IngressController], *, is_left_over: bool = False) -> None:
        super().__init__(decision)
        self.serving = " or ".join(one.name for one in serving)
        self.is_left_over = is_left_over


class AnnotationRead(NamedTuple):
    """The controller that serves an Ingress reads an annotation that controllers read."""

    ingress: Ingress
    key: str

    def answer(self, graph: Resolver) -> AnnotationAnswer:
        """Fails where the controller is known and no annotation of its own says that several are meant."""
        serving = find_serving(graph, self.ingress)
        readers = [one for one in load_controllers() if self.key.startswith(one.prefixes)]
        known = serving is not None and all(one.prefixes and not one.inferred for one in serving)
        if serving is None or not known or not readers or any(one in serving for one in readers):
            return AnnotationAnswer(HOLDS, serving or [])
        prefixes = {prefix for one in load_controllers() for prefix in one.prefixes}
        found = {prefix for key in self.ingress.annotations.entries for prefix in prefixes if key.startswith(prefix)}
        several = len(found) > 1 and not self.key.startswith(_OLD_PREFIX)
        decision = HOLDS if several else Decision(Verdict.FAILS)
        return AnnotationAnswer(decision, serving, is_left_over=self._is_left_over())

    def _is_left_over(self) -> bool:
        named, annotations = self.ingress.named_class, self.ingress.annotations
        here = self.ingress.at(annotations.path_of(self.key)).file
        return named is not None and self.ingress.at(named.path).file != here


class SpellingAnswer(Answer):
    """Whether an annotation is spelt as its controller reads it; `controller` is that in words, `meant` the one that it reads."""

    def __init__(self, decision: Decision, controller: str = "", meant: str = "") -> None:
        super().__init__(decision)
        self.controller = controller
        self.meant = meant


class AnnotationSpelt(NamedTuple):
    """An annotation with the prefix of a controller, whose annotations are all known, is no slip of one that it reads."""

    key: str

    def answer(self, graph: Resolver) -> SpellingAnswer:  # noqa: ARG002  # the key alone decides
        """Fails where one of them alone has nearly this name."""
        prefix, _, name = self.key.rpartition("/")
        for one in load_controllers():
            if one.keys and f"{prefix}/" in one.prefixes and name not in one.keys:
                near = [key for key in one.keys if are_near(key, name)]
                if len(near) == 1:
                    return SpellingAnswer(Decision(Verdict.FAILS), one.name, f"{prefix}/{near[0]}")
        return SpellingAnswer(HOLDS)


class BackendTypeAnswer(Answer):
    """Whether the controller reaches a backend; `service` is the one that it does not reach, `at_most` how sure that may be said."""

    def __init__(
        self, decision: Decision, service: Service | None = None, controller: IngressController | None = None
    ) -> None:
        super().__init__(decision)
        self._service = service
        self.controller = "" if controller is None else controller.name
        by_default = controller is not None and controller.id == "aws-alb"  # which its own arguments may change
        self.at_most = Certainty.LIKELY if by_default else None

    @property
    def service(self) -> Service:
        """The Service that is not reached; LookupError when the property holds."""
        if self._service is None:
            raise LookupError("every backend is reached")
        return self._service


class BackendReached(NamedTuple):
    """A controller outside the cluster finds a backend on a port of the nodes, or is told to dial the pods."""

    ingress: Ingress
    backend: ServiceBackend

    def answer(self, graph: Resolver) -> BackendTypeAnswer:
        """Holds for controllers inside the cluster; depends on what the cluster was made with where nothing says so."""
        controller = self._find_outside(graph)
        if controller is None or self.backend.name is None:
            return BackendTypeAnswer(HOLDS)
        target = ("", "Service")
        reference = ObjectReference(
            self.ingress, self.backend.name_path, target, self.ingress.namespace, self.backend.name
        )
        cases = (
            (item, sure, implies(is_named(reference, item), self._is_reached(graph, controller, item)))
            for item, sure in candidates(graph, reference)
            if isinstance(item, Service) and not item.is_external_name
        )
        decision, service = first_fault(cases)
        return BackendTypeAnswer(decision, service, controller)

    def _find_outside(self, graph: Resolver) -> IngressController | None:
        serving = find_serving(graph, self.ingress)
        provider = graph.cluster.provider
        if self.ingress.named_class is None and serving is None and provider is not None and provider.value == "gke":
            serving = [one for one in load_controllers() if one.id == "gce"]
        found = serving[0] if serving is not None and len(serving) == 1 else None
        return found if found is not None and found.id in ("gce", "aws-alb") else None

    def _is_reached(self, graph: Resolver, controller: IngressController, service: Service) -> Formula:
        kinds: list[Formula] = [Equal(make_fact(service, "spec.type", service.type), kind) for kind in _EXPOSED]
        if controller.id == "aws-alb":
            return Or((*kinds, Holds(self._targets_pods(graph))))
        return Or((*kinds, Holds(_has_groups(service, graph.cluster))))

    def _targets_pods(self, graph: Resolver) -> Fact:
        """That the load balancer dials pods: by annotation, or by parameters of the class."""
        mode = self.ingress.annotations.entries.get(_TARGET, self.ingress.annotations.more)
        text = f"{self.ingress} metadata.annotations has no {_TARGET}: ip"
        place = self.ingress.at(self.ingress.annotations.path)
        if mode is not None:
            return Fact(mode if isinstance(mode, Unknown) else mode == "ip", text, place)
        own = find_class(graph, self.ingress)
        if own is not None and own.holds("spec.parameters"):
            unknown = f"the parameters of {own}"
            return Fact(Unknown(Variable(unknown), unknown), text, place)
        return Fact(False, text, place)


def _has_groups(service: Service, cluster: Cluster) -> Fact:
    """That Google's load balancer dials pods: by annotation, else as it does in VPC-native clusters."""
    asked = service.annotations.entries.get(_GROUPS, service.annotations.more)
    text = f"{service} has no {_GROUPS} annotation for Ingress"
    place = service.at(service.annotations.path)
    mode = cluster.network.mode
    if asked is None and mode is not None and mode.value in MODES["gke"]:
        return Fact(mode.value == VPC_NATIVE, f"{text}, and the cluster is {mode.value}", place)
    if asked is None:
        native = "whether the cluster is VPC-native"
        return Fact(Unknown(Variable(native), native), text, place)
    return Fact(asked if isinstance(asked, Unknown) else '"ingress"' in asked and "true" in asked, text, place)
