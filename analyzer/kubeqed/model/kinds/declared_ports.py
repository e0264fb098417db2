"""The ports that the containers of a pod declare, by name and by number, so that a pod of many is asked in no time."""

from __future__ import annotations

from kubeqed.model.kinds.template import ContainerPort, PodTemplate
from kubeqed.parse import Unknown


class DeclaredPorts:
    """The declared ports of the containers that run as long as the pod does.

    `closed` says that there can be no others: no template adds ports, as it may to the `open_containers`, or containers.
    """

    def __init__(self, template: PodTemplate) -> None:
        self.containers = tuple(template.serving())
        self.all = tuple(port for container in self.containers for port in container.ports)
        self.open_containers = tuple(container for container in self.containers if container.ports.more is not None)
        others = template.containers.more is not None or template.init_containers.more is not None
        self.closed = bool(template.containers.items) and not others and not self.open_containers
        self.called: dict[int | str, list[ContainerPort]] = {}
        self._perhaps: dict[bool, list[ContainerPort]] = {True: [], False: []}
        for port in self.all:
            for by_name, value in ((True, port.name), (False, port.number)):
                if isinstance(value, Unknown):
                    self._perhaps[by_name].append(port)
                elif value is not None:
                    self.called.setdefault(value, []).append(port)

    def perhaps(self, *, by_name: bool) -> list[ContainerPort]:
        """The ports whose name, or number, is not known, in order."""
        return self._perhaps[by_name]
