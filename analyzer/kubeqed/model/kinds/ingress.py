"""Ingress: HTTP hosts and paths in front of Services, in its v1 form and the removed v1beta1 ones.

https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/
The map of v1beta1 fields: https://kubernetes.io/docs/reference/using-api/deprecation-guide/#ingress-v122
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kubeqed.model.kinds.object import Identity, Object, ObjectReference, read_metadata
from kubeqed.model.values.fields import (
    Listing,
    read_field,
    read_integer,
    read_list,
    read_mapping,
    read_name,
    read_port,
    read_strings,
    read_text,
)
from kubeqed.parse import Unknown, Value, parse_whole_number

CLASS_ANNOTATION = "kubernetes.io/ingress.class"

_ACTION = "use-annotation"
"""A port of this name says that an annotation of the AWS controller holds the action, and no Service is meant:
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions"""

_MERGEABLE = "nginx.org/mergeable-ingress-type"
"""A master holds no paths, those are its minions':
https://docs.nginx.com/nginx-ingress-controller/configuration/ingress-resources/cross-namespace-configuration/"""

_MERGED = ("mergeable-ingress-type", "canary", "group.name", "service-weight", "service-match")
"""Annotations of several controllers whose names hold one of these."""

_REDIRECTS = ("nginx.ingress.kubernetes.io/permanent-redirect", "nginx.ingress.kubernetes.io/temporal-redirect")
"""The controller answers by itself and dials no backend."""


class ServiceBackend(NamedTuple):
    """A backend that is a Service; `port` is a number or a name, None when neither is set.

    `path` is the backend itself, `name_path` and `port_path` where the Service's name and port stand.
    """

    path: str
    name: str | Unknown | None
    port: int | str | Unknown | None
    name_path: str
    port_path: str


class IngressPath(NamedTuple):
    """An entry of `http.paths`; `backend` is None when it is a resource, an action of the controller, or absent."""

    path: str
    value: str | Unknown | None
    type: str | Unknown | None
    backend: ServiceBackend | None


class IngressRule(NamedTuple):
    """An entry of `spec.rules`."""

    path: str
    host: str | Unknown | None
    paths: Listing[IngressPath]


class IngressTls(NamedTuple):
    """An entry of `spec.tls`; without a `secret` the controller's own certificate serves."""

    path: str
    hosts: Listing[str | Unknown]
    secret: str | Unknown | None


class NamedClass(NamedTuple):
    """The class that an Ingress names, and where: in its field, else in the annotation that was there before."""

    name: str | Unknown
    path: str


@dataclass(frozen=True, slots=True, eq=False)
class Ingress(Object):
    """An Ingress; `class_name` is `spec.ingressClassName`."""

    class_name: str | Unknown | None
    default_backend: ServiceBackend | None
    rules: Listing[IngressRule]

    def references(self) -> Iterator[ObjectReference]:
        """Its backends."""
        for backend in self.backends():
            if backend.name is not None:
                yield ObjectReference(self, backend.name_path, ("", "Service"), self.namespace, backend.name)

    def backends(self) -> Iterator[ServiceBackend]:
        """All Service backends that a controller dials, the default one first."""
        if self._dials_nothing:
            return
        if self.default_backend is not None:
            yield self.default_backend
        for rule in self.rules:
            for path in rule.paths:
                if path.backend is not None:
                    yield path.backend

    @property
    def named_class(self) -> NamedClass | None:
        """The class that it names; None where it names none."""
        if self.class_name is not None:
            return NamedClass(self.class_name, "spec.ingressClassName")
        named = self.annotations.entries.get(CLASS_ANNOTATION, self.annotations.more)
        return None if named is None else NamedClass(named, self.annotations.path_of(CLASS_ANNOTATION))

    @property
    def tls(self) -> Listing[IngressTls]:
        """Its certificates."""
        spec = read_field(self.identity.root, "spec")
        return read_list(spec, "tls", lambda item, index: _read_tls(item, f"spec.tls[{index}]"))

    @property
    def is_merged(self) -> bool:
        """Whether annotations make it one of several that the controller merges, or that divide the requests of a path."""
        return any(word in key for key in self.annotations.entries for word in _MERGED)

    @property
    def _dials_nothing(self) -> bool:
        annotations = self.annotations.entries
        kind = annotations.get(_MERGEABLE)
        return (isinstance(kind, str) and kind == "master") or any(key in annotations for key in _REDIRECTS)


def read(identity: Identity) -> Ingress:
    """The Ingress of a manifest, whichever version it is written in."""
    spec = read_field(identity.root, "spec")
    legacy = identity.version != "v1"
    default_key = "backend" if legacy else "defaultBackend"
    return Ingress(
        *read_metadata(identity),
        class_name=read_text(spec, "ingressClassName"),
        default_backend=_read_backend(spec, default_key, f"spec.{default_key}", legacy),
        rules=read_list(spec, "rules", lambda item, index: _read_rule(item, f"spec.rules[{index}]", legacy)),
    )


def _read_tls(node: Value, path: str) -> IngressTls:
    return IngressTls(path, read_strings(node, "hosts"), read_name(node, "secretName"))


def _read_rule(node: Value, path: str, legacy: bool) -> IngressRule:
    paths = read_list(
        read_field(node, "http"), "paths", lambda item, index: _read_path(item, f"{path}.http.paths[{index}]", legacy)
    )
    return IngressRule(path, read_text(node, "host"), paths)


def _read_path(node: Value, path: str, legacy: bool) -> IngressPath:
    backend = _read_backend(node, "backend", f"{path}.backend", legacy)
    return IngressPath(path, read_text(node, "path"), read_text(node, "pathType"), backend)


def _read_backend(node: Value, key: str, path: str, legacy: bool) -> ServiceBackend | None:
    backend = read_mapping(node, key)
    if legacy and backend is not None and read_field(backend, "resource") is None:
        number = _read_number(read_port(backend, "servicePort"))
        found = ServiceBackend(
            path, read_name(backend, "serviceName"), number, f"{path}.serviceName", f"{path}.servicePort"
        )
    else:
        service = read_mapping(backend, "service")
        if service is None:
            return None
        found = _read_service(service, f"{path}.service")
    is_action = isinstance(found.port, str) and found.port == _ACTION
    return None if is_action else found._replace(path=path)


def _read_service(service: Value, path: str) -> ServiceBackend:
    chosen = read_mapping(service, "port")
    name, number = read_text(chosen, "name"), read_integer(chosen, "number")
    by_name = number is None and name is not None
    port_path = f"{path}.port.{'name' if by_name else 'number'}"
    return ServiceBackend(path, read_name(service, "name"), name if by_name else number, f"{path}.name", port_path)


def _read_number(port: int | str | Unknown | None) -> int | str | Unknown | None:
    """Controllers read a quoted number of the v1beta1 form as the number."""
    return parse_whole_number(port) if isinstance(port, str) and port.isascii() and port.isdecimal() else port


KINDS = {("networking.k8s.io", "Ingress"): read, ("extensions", "Ingress"): read}
