"""A path of an Ingress as a whole: host, path and where it leads."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.ingress import Ingress, IngressPath, IngressRule
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Place, Unknown


class PathOfIngress(NamedTuple):
    """A path of a rule of an Ingress."""

    ingress: Ingress
    rule: IngressRule
    entry: IngressPath

    @property
    def place(self) -> Place:
        """Where the path stands; the rule where none is written."""
        return self.ingress.at(f"{self.entry.path}.path")

    @property
    def text(self) -> str | None:
        """The path as it is written, `/` where none is; None where it is not known."""
        value = self.entry.value
        return None if isinstance(value, Unknown) else value or "/"

    @property
    def target(self) -> str:
        """The Service and the port to which it leads, in words."""
        backend = self.entry.backend
        space = self.ingress.namespace
        named = f"{space}/" if isinstance(space, str) else ""
        return "nothing" if backend is None else f"Service {named}{backend.name}, port {backend.port}"

    @property
    def shown(self) -> str:
        """Host and path as people write them."""
        host, path = self.rule.host, self.entry.value
        return f"{'*' if host is None else host}{'/' if path is None else path}"


def lead_elsewhere(one: PathOfIngress, other: PathOfIngress) -> bool:
    """Whether two paths surely lead to different Services, or to different ports of one.

    A backend is of its Ingress's namespace. Without a host two namespaces may as well be two variants of one application.
    """
    first, second = one.entry.backend, other.entry.backend
    if first is None or second is None:
        return False
    names = same_value(first.name, second.name)
    ports = isinstance(first.port, Unknown) or isinstance(second.port, Unknown) or first.port == second.port
    apart = one.rule.host is not None and same_value(one.ingress.namespace, other.ingress.namespace) is Match.NO
    return apart or names is Match.NO or (names is Match.YES and not ports)
