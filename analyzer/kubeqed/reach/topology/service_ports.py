"""The ports of one Service by what backends name them by, so that N backends of a Service with N ports cost N steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kubeqed.model.kinds.service import Service, ServicePort
from kubeqed.parse import Unknown

Named = int | str | Unknown | None


class BackendPorts:
    """The ports of a Service, in the order in which it lists them; a name or number that is unknown means none."""

    def __init__(self, service: Service) -> None:
        self.all = list(service.ports)
        self._numbered = _group_entries((port.port, port) for port in service.ports)
        self._named = _group_entries((port.name, port) for port in service.ports)
        self._targets = _group_entries((port.target_port, port) for port in service.ports)

    def called(self, wanted: Named) -> Sequence[ServicePort]:
        """The ports of that number, or of that name."""
        if isinstance(wanted, int):
            return self._numbered.get(wanted, ())
        return self._named.get(wanted, ()) if isinstance(wanted, str) else ()

    def leading_to(self, wanted: Named) -> Sequence[ServicePort]:
        """The ports of which the target has that number or name."""
        return self._targets.get(wanted, ()) if isinstance(wanted, int | str) else ()

    def of_route(self, wanted: Named) -> Sequence[ServicePort]:
        """The ports that a Route means: by the number at the endpoints, or by name; every port without either."""
        if wanted is None:
            return self.all
        return self.leading_to(wanted) if isinstance(wanted, int) else self.called(wanted)


def _group_entries(entries: Iterable[tuple[Named, ServicePort]]) -> dict[int | str, list[ServicePort]]:
    """The entries of Service ports by their names or numbers."""
    found: dict[int | str, list[ServicePort]] = {}
    for name, port in entries:
        if isinstance(name, int | str):
            found.setdefault(name, []).append(port)
    return found
