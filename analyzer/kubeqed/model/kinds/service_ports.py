"""The ports of a Service by their number, their name, and what they lead to, so that a Service of many is asked in no time."""

from __future__ import annotations

from kubeqed.model.kinds.service import Service, ServicePort
from kubeqed.parse import Unknown


class ServicePortIndex:
    """The entries of `spec.ports`; those of which a field is unknown stand apart, as they may have any value."""

    def __init__(self, service: Service) -> None:
        self.all = service.ports.items
        self.order = {entry.path: index for index, entry in enumerate(self.all)}
        self._with: dict[tuple[str, int | str], list[ServicePort]] = {}
        self._unknown: dict[str, list[ServicePort]] = {}
        for entry in self.all:
            fields = (("port", entry.port), ("name", entry.name))
            behind = (("targetPort", entry.target_port), ("nodePort", entry.node_port))
            for field, value in (*fields, *behind):
                if isinstance(value, Unknown):
                    self._unknown.setdefault(field, []).append(entry)
                elif value is not None:
                    self._with.setdefault((field, value), []).append(entry)

    def with_value(self, field: str, value: int | str | Unknown | None) -> list[ServicePort]:
        """The entries whose field, `port`, `name`, `targetPort` or `nodePort`, surely has a value."""
        return [] if value is None or isinstance(value, Unknown) else self._with.get((field, value), [])

    def unknown(self, field: str) -> list[ServicePort]:
        """The entries of which a field is not known."""
        return self._unknown.get(field, [])
