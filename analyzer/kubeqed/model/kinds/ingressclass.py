"""IngressClass: which controller serves the Ingresses that name it.

https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-class-v1/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.values.fields import read_field, read_text
from kubeqed.parse import Unknown

DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, slots=True, eq=False)
class IngressClass(Object):
    """An IngressClass; `controller` is `spec.controller`."""

    controller: str | Unknown | None

    @property
    def is_default(self) -> bool | Unknown:
        """Whether it is written into Ingresses that name no class."""
        value = self.annotations.entries.get(DEFAULT_CLASS, self.annotations.more)
        return value if isinstance(value, Unknown) else value == "true"


def read(identity: Identity) -> IngressClass:
    """The IngressClass of a manifest."""
    return IngressClass(
        *read_metadata(identity, namespaced=False), read_text(read_field(identity.root, "spec"), "controller")
    )


KINDS = {("networking.k8s.io", "IngressClass"): read}
