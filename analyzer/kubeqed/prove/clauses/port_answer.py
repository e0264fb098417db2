"""An answer about a port that a Service should have."""

from __future__ import annotations

from kubeqed.diagnostic import list_some
from kubeqed.model.kinds.service import Service
from kubeqed.parse import Unknown
from kubeqed.prove.engine.answer import Answer, Decision

_MOST = 16  # that a message names


class MissingPortAnswer(Answer):
    """Whether a Service has a port; `service` is the one that lacks it."""

    def __init__(self, decision: Decision, service: Service | None = None, port: int | Unknown | None = None) -> None:
        super().__init__(decision)
        self._service = service
        self._port = port

    @property
    def service(self) -> Service:
        """The Service that lacks the port; LookupError when the property holds."""
        if self._service is None:
            raise LookupError("no Service lacks the port")
        return self._service

    @property
    def offered(self) -> str:
        """The ports that the Service has, and of which of them the named one is the target, in words."""
        ports = list_some([str(entry.port) for entry in self.service.ports], _MOST)
        behind = [entry.port for entry in self.service.ports if self._is_target(entry.target_port)]
        return f"{ports}; {self._port} is the targetPort of {behind[0]}" if behind else ports

    def _is_target(self, target: int | str | Unknown | None) -> bool:
        return isinstance(target, int) and isinstance(self._port, int) and target == self._port
