"""Which controllers serve an Ingress: by its IngressClass, by the names of their own, by what their arguments say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kubeqed.model.ingress.controllers import IngressController, Unclassed, load_controllers
from kubeqed.model.kinds.ingress import Ingress
from kubeqed.model.kinds.ingressclass import IngressClass
from kubeqed.model.kinds.template import Container
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.fields import read_items
from kubeqed.parse import Place, Unknown
from kubeqed.resolve.resolver import Resolver

_WATCHES = ("--watch-namespace", "--watch-namespaces", "--namespace-whitelist")
_BY_PLATFORM = {"gke": "gce", "k3s": "traefik", "openshift": "openshift-router"}
"""The controller that a platform brings, and that takes Ingresses without a class there."""


class InstalledController(NamedTuple):
    """A controller that the unit runs; `classes` are those that its arguments name, `path` that of the container.

    `takes_unclassed` says whether it takes an Ingress without a class, None where that cannot be told. `watches` is the namespace
    to which its arguments narrow it.
    """

    controller: IngressController
    workload: Workload
    path: str
    classes: tuple[tuple[str, str], ...]
    takes_unclassed: bool | None
    watches: str | None

    @property
    def place(self) -> Place:
        """Where its container stands."""
        return self.workload.at(self.path)


@lru_cache(maxsize=2)  # asked for each Ingress
def find_installed(graph: Resolver) -> tuple[InstalledController, ...]:
    """The known controllers that the workloads of a unit run, in source order."""
    return tuple(
        _read_arguments(controller, workload, container)
        for workload in graph.unit.workloads
        for container in workload.template.containers
        for controller in load_controllers()
        if isinstance(container.image, str) and any(_is_image(container.image, one) for one in controller.images)
    )


def find_class(graph: Resolver, ingress: Ingress) -> IngressClass | None:
    """The IngressClass of the unit that an Ingress names, or the one default where it names none."""
    named = ingress.named_class
    if named is None:
        defaults = find_defaults(graph)
        return defaults[0] if len(defaults) == 1 else None
    found = graph.list_called(("networking.k8s.io", "IngressClass"), named.name)
    return next((item for item in found if isinstance(item, IngressClass)), None)


def find_defaults(graph: Resolver) -> list[IngressClass]:
    """The IngressClasses of the unit that are surely the default."""
    found = graph.of_kind(("networking.k8s.io", "IngressClass"))
    return [item for item in found if isinstance(item, IngressClass) and item.is_default is True]


def find_serving(graph: Resolver, ingress: Ingress) -> list[IngressController] | None:
    """The known controllers that may serve an Ingress; None where its class does not say, or says one that is not known."""
    own = find_class(graph, ingress)
    if own is not None:
        called = own.controller
        found = [one for one in load_controllers() if isinstance(called, str) and one.is_called(called)]
        return found or None
    named = ingress.named_class
    if named is None or isinstance(named.name, Unknown):
        return None
    installed = [one.controller for one in find_installed(graph) if named.name in dict(one.classes)]
    return installed or [one for one in load_controllers() if named.name in one.classes] or None


def takes_unclassed_outside(graph: Resolver) -> bool:
    """Whether what is stated of the cluster may bring a controller that takes an Ingress without a class."""
    provider, stated = graph.cluster.provider, graph.cluster.ingress_controllers
    if provider is not None and provider.value in _BY_PLATFORM:
        return True
    ids = {one.value for one in stated or ()}
    return any(one.id in ids and one.unclassed is not Unclassed.NEVER for one in load_controllers())


def _is_image(image: str, part: str) -> bool:
    plain = image.partition("@")[0]
    name = plain.rpartition(":")[0] if ":" in plain.rpartition("/")[2] else plain
    return name.endswith(part) or name == part.lstrip("/")


def _read_arguments(controller: IngressController, workload: Workload, container: Container) -> InstalledController:
    flags = list(_list_flags(container))
    classes = tuple((value, path) for name, value, path in flags if name in controller.class_flags and value)
    watches = next((value for name, value, _ in flags if name in _WATCHES and value), None)
    return InstalledController(
        controller, workload, container.path, classes, _takes_unclassed(controller, container, flags), watches
    )


def _takes_unclassed(
    controller: IngressController, container: Container, flags: list[tuple[str, str, str]]
) -> bool | None:
    if controller.unclassed in (Unclassed.ALWAYS, Unclassed.NEVER):
        return controller.unclassed is Unclassed.ALWAYS
    if any(not isinstance(one, str) for field in ("command", "args") for one in read_items(container.node, field)):
        return None
    given = any(name.lower() == controller.unclassed_flag and value != "false" for name, value, _ in flags)
    return given is (controller.unclassed is Unclassed.FLAG)


def _list_flags(container: Container) -> Iterator[tuple[str, str, str]]:
    """(name, value, path) of each flag; the value is empty for a switch, and may be the next argument."""
    for field in ("command", "args"):
        items = list(read_items(container.node, field))
        for index, item in enumerate(items):
            if isinstance(item, str) and item.startswith("-"):
                name, _, value = item.partition("=")
                following = items[index + 1] if index + 1 < len(items) else None
                if not value and isinstance(following, str) and not following.startswith("-"):
                    value = following
                yield name, value, f"{container.path}.{field}[{index}]"
