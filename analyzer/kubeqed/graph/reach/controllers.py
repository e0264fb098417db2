"""Which workloads of a unit take traffic in from outside, so that an Ingress has a real source.

Only well-known controllers whose own pods dial the backends (Envoy's for Contour, APISIX' gateway for APISIX); those
that run outside the cluster (GCE, ALB, Application Gateway) have none. From the package data on ingress controllers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubeqed.graph.reach.endpoints import Endpoint
from kubeqed.model.ingress import CLASS_ANNOTATION, Ingress
from kubeqed.model.ingressclass import IngressClass


class Controller(NamedTuple):
    """A controller: the label its pods wear, parts of image names, what IngressClasses call it, its usual classes."""

    id: str
    labels: tuple[tuple[str, str], ...]
    images: tuple[str, ...]
    strings: tuple[str, ...]
    classes: tuple[str, ...]


KNOWN = (
    Controller(
        "ingress-nginx",
        (("app.kubernetes.io/name", "ingress-nginx"),),
        ("ingress-nginx/controller", "nginx-ingress-controller"),
        ("k8s.io/ingress-nginx",),
        ("nginx",),
    ),
    Controller(
        "nginx-inc",
        (("app", "nginx-ingress"), ("app.kubernetes.io/name", "nginx-ingress")),
        ("nginx/nginx-ingress", "nginx-plus-ingress"),
        ("nginx.org/ingress-controller",),
        ("nginx",),
    ),
    Controller(
        "traefik",
        (("app.kubernetes.io/name", "traefik"),),
        ("library/traefik", "/traefik"),
        ("traefik.io/ingress-controller",),
        ("traefik",),
    ),
    Controller(
        "haproxy",
        (("app.kubernetes.io/name", "haproxy-ingress"), ("run", "haproxy-ingress")),
        ("haproxy-ingress", "haproxytech/kubernetes-ingress"),
        ("haproxy-ingress.github.io/controller", "haproxy.org/ingress-controller"),
        ("haproxy",),
    ),
    Controller("contour", (("app", "envoy"),), (), ("projectcontour.io/ingress-controller",), ("contour",)),
    Controller(
        "kong",
        (("app", "proxy-kong"), ("app.kubernetes.io/name", "kong")),
        ("library/kong", "kong/kong-gateway"),
        ("ingress-controllers.konghq.com/kong",),
        ("kong",),
    ),
    Controller("istio", (("istio", "ingressgateway"),), (), ("istio.io/ingress-controller",), ("istio",)),
    Controller(
        "apisix",
        (("app.kubernetes.io/name", "apisix"),),
        ("apache/apisix",),
        ("apisix.apache.org/apisix-ingress-controller",),
        ("apisix",),
    ),
    Controller(
        "nghttpx",
        (("k8s-app", "nghttpx-ingress-lb"),),
        ("zlabjp/nghttpx-ingress-controller",),
        ("zlab.co.jp/nghttpx",),
        ("nghttpx",),
    ),
    Controller(
        "openshift", (("ingresscontroller.operator.openshift.io/deployment-ingresscontroller", "default"),), (), (), ()
    ),
)


class Controllers:
    """The controllers that stand in a unit, and which of them serves an Ingress."""

    def __init__(self, endpoints: Iterable[Endpoint], classes: Iterable[IngressClass]) -> None:
        self._pods: dict[str, list[Endpoint]] = {}
        for endpoint in endpoints:
            name = _controller(endpoint)
            if name is not None:
                self._pods.setdefault(name, []).append(endpoint)
        self._classes = {
            item.name: item.controller
            for item in classes
            if isinstance(item.name, str) and isinstance(item.controller, str)
        }

    def serving(self, ingress: Ingress) -> list[Endpoint]:
        """The pods that take an Ingress' traffic in; none when they stand elsewhere.

        Without a known class the only controller of the unit is taken to be the one.
        """
        wanted = self._wanted(ingress)
        if wanted is None:
            return next(iter(self._pods.values())) if len(self._pods) == 1 else []
        return [pod for controller in wanted for pod in self._pods.get(controller, ())]

    def of_routes(self) -> list[Endpoint]:
        """The pods of OpenShift's router."""
        return self._pods.get("openshift", [])

    def _wanted(self, ingress: Ingress) -> list[str] | None:
        name = ingress.class_name
        if name is None:
            name = ingress.annotations.entries.get(CLASS_ANNOTATION)
        if not isinstance(name, str):
            return None
        string = self._classes.get(name)
        if string is not None:
            return [one.id for one in KNOWN if string in one.strings]
        usual = [one.id for one in KNOWN if name in one.classes]
        return usual or None


_BY_LABEL = {label: controller.id for controller in KNOWN for label in controller.labels}
_BY_IMAGE = [(part, controller.id) for controller in KNOWN for part in controller.images]
_KEYS = {key for key, _ in _BY_LABEL}


def _controller(endpoint: Endpoint) -> str | None:
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
