"""Ports that an API server would refuse, in workloads and Services, said as caveats: such a port is neither listened on nor dialled."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.unit import Unit
from kubeqed.parse import Unknown
from kubeqed.reach.algebra.ports import HIGHEST, PROTOCOLS
from kubeqed.reach.policy.compiled import Caveat


def find_malformed_ports(unit: Unit) -> Iterator[Caveat]:
    """A remark for each port that is no port, and for each protocol that is none."""
    for workload in unit.workloads:
        yield from _declared(workload)
    for service in unit.of(Service):
        for port in service.ports:
            if _is_no_port(port.port):
                yield Caveat(
                    service, f"{port.path}.port", "it is no known port from 1 to 65535: nothing is dialled by it"
                )
            elif not isinstance(port.target_port, str) and _is_no_port(port.target_port):
                yield Caveat(
                    service, f"{port.path}.targetPort", "it is no known port from 1 to 65535: nothing is dialled by it"
                )
            if is_no_protocol(port.protocol):
                yield Caveat(
                    service, f"{port.path}.protocol", "it is not known to be TCP, UDP or SCTP: nothing is dialled by it"
                )


def _declared(workload: Workload) -> Iterator[Caveat]:
    for port in workload.template.ports():
        if _is_no_port(port.number):
            text = "it is no known port from 1 to 65535: it is left out"
            yield Caveat(workload, f"{port.path}.containerPort", text)
        if is_no_protocol(port.protocol):
            text = "it is not known to be TCP, UDP or SCTP: it is left out"
            yield Caveat(workload, f"{port.path}.protocol", text)


def is_no_protocol(value: str | Unknown | None) -> bool:
    """Whether something is written that is no protocol; what cannot be known is none either."""
    return value is not None and (isinstance(value, Unknown) or value not in PROTOCOLS)


def _is_no_port(value: int | str | Unknown | None) -> bool:
    return not isinstance(value, int) or not 1 <= value <= HIGHEST
