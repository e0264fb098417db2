"""Which workloads of a unit take traffic in from outside, so that an Ingress has a real source, and who does where none is.

A controller outside the unit is evident from the class, the annotations or the GatewayClass of what it serves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.model.kinds.gateway import Gateway, GatewayClass
from kubeqed.model.kinds.ingress import CLASS_ANNOTATION, Ingress
from kubeqed.model.kinds.ingressclass import IngressClass
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.unit import Unit
from kubeqed.reach.policy.assumptions import Assumptions
from kubeqed.reach.topology.endpoints import Endpoint
from kubeqed.reach.topology.known_controllers import BY_ID, KNOWN, Controller, PacketSource

Candidates = tuple[Controller, ...]

_ROUTER = "openshift-router"


class Controllers:
    """The controllers that stand in a unit, which of them serves an Ingress, and who may where none does.

    What of the cluster is stated counts: its controllers, and the one that its platform brings.
    """

    def __init__(self, unit: Unit, endpoints: Iterable[Endpoint], assumptions: Assumptions) -> None:
        self._pods: dict[str, list[Endpoint]] = {}
        for endpoint in endpoints:
            name = _recognize_controller(endpoint)
            if name is not None:
                self._pods.setdefault(name, []).append(endpoint)
        self._stated = assumptions.controllers
        self._usual = assumptions.usual_controller
        self._classes = {
            item.name: item.controller
            for item in unit.of(IngressClass)
            if isinstance(item.name, str) and isinstance(item.controller, str)
        }
        self._gateway_classes = dict(_gateway_classes(unit.objects))

    def serving(self, ingress: Ingress) -> list[Endpoint]:
        """The pods that take an Ingress' traffic in; none when they stand elsewhere.

        Without a known class the only controller of the unit is taken to be the one.
        """
        wanted = self._find_wanted(ingress)
        if wanted is None:
            return next(iter(self._pods.values())) if len(self._pods) == 1 else []
        return [pod for one in wanted for pod in self._pods.get(one.id, ())]

    def of_routes(self) -> list[Endpoint]:
        """The pods of OpenShift's router."""
        return self._pods.get(_ROUTER, [])

    def outside(self, ingress: Ingress) -> Candidates:
        """The controllers outside the unit that may serve an Ingress; empty where it may be any."""
        wanted = self._find_wanted(ingress)
        if wanted is not None or ingress.class_name is not None:
            return self._narrow_candidates(wanted or ())
        return self._narrow_candidates(_by_annotations(ingress)) or self._of_platform()

    def outside_for_routes(self) -> Candidates:
        """Who serves OpenShift's Routes."""
        return (BY_ID[_ROUTER],)

    def outside_for_gateway(self, gateway: Gateway | None) -> Candidates:
        """The controllers that may serve a Gateway; pods made for each Gateway have no usual place."""
        name = gateway.class_name if gateway is not None else None
        if not isinstance(name, str):
            return ()
        string = self._gateway_classes.get(name)
        if string is not None:
            found = tuple(one for one in KNOWN if string in one.gateways)
        else:
            found = tuple(one for one in KNOWN if one.gateways and name in (one.id, *one.classes))
        return tuple(one._replace(places=()) if one.id == "istio" else one for one in found)

    def _of_platform(self) -> Candidates:
        """Who takes an Ingress without a class; a class that is the default one may be another's."""
        found = BY_ID.get(self._usual or "")
        if found is None:
            return ()
        return (found._replace(origin=PacketSource.EITHER) if found.origin is PacketSource.ADDRESSES else found,)

    def _narrow_candidates(self, evident: Candidates) -> Candidates:
        """Those of them that are stated; all that are stated where none of them is."""
        if self._stated is None:
            return evident
        both = tuple(one for one in evident if one.id in self._stated)
        return both or evident or tuple(one for one in KNOWN if one.id in self._stated)

    def _find_wanted(self, ingress: Ingress) -> Candidates | None:
        """The controllers that a class means; empty for an unknown one, None where there is no class."""
        name = ingress.class_name
        if name is None:
            name = ingress.annotations.entries.get(CLASS_ANNOTATION)
        if not isinstance(name, str):
            return None
        string = self._classes.get(name)
        if string is not None:
            return tuple(one for one in KNOWN if _is_called(string, one.strings))
        return tuple(one for one in KNOWN if name in one.classes) or None


def _is_called(string: str, names: Iterable[str]) -> bool:
    """Whether a controller is called so; HAProxy's names may end in a class of their own."""
    return any(string == name or (string.startswith(f"{name}/") and "haproxy" in name) for name in names)


def _by_annotations(ingress: Ingress) -> Candidates:
    keys = ingress.annotations.entries
    return tuple(one for one in KNOWN if any(key.startswith(one.annotations) for key in keys))


def _gateway_classes(objects: Iterable[Object]) -> Iterator[tuple[str, str]]:
    """What each GatewayClass calls its controller."""
    for item in objects:
        if isinstance(item, GatewayClass) and isinstance(item.name, str) and isinstance(item.controller, str):
            yield item.name, item.controller


_BY_LABEL = {label: controller.id for controller in KNOWN for label in controller.labels}
_BY_IMAGE = [(part, controller.id) for controller in KNOWN for part in controller.images]
_KEYS = {key for key, _ in _BY_LABEL}


def _recognize_controller(endpoint: Endpoint) -> str | None:
    """The controller whose pod this is, by its labels, else by its images."""
    labels = endpoint.labels
    for key in sorted(_KEYS & labels.keys()):
        value = labels[key]
        if isinstance(value, str) and (key, value) in _BY_LABEL:
            return _BY_LABEL[key, value]
    for container in endpoint.workload.template.containers:
        for part, name in _BY_IMAGE:
            if isinstance(container.image, str) and part in container.image:
                return name
    return None
