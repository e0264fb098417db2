"""Names of ports of absent pods, as numbers that no rule names: such a pod may have the name on any port."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.reach.algebra.ports import HIGHEST, PortSet
from kubeqed.reach.engine.policies import CompiledPolicies


def number_port_names(policies: Iterable[CompiledPolicies]) -> dict[int, str]:
    """A number for each name of a port, one that no rule comes near to."""
    ports = [rule.ports for one in policies for _, rule in one.rules()]
    names = sorted({name for one in ports for _, name in one.names})
    near = {number for fixed in {one.fixed for one in ports} for number in _list_nearby_numbers(fixed)}
    free = (number for number in range(HIGHEST - 1, 1, -2) if number not in near)
    return dict(zip(free, names, strict=False))


def _list_nearby_numbers(ports: PortSet) -> Iterator[int]:
    """The numbers in a set and beside it; a whole protocol leaves no number out, so that it does not count."""
    for low, high in zip(ports[::2], ports[1::2], strict=True):
        if high - low < HIGHEST - 1:
            yield from range((low & HIGHEST) - 1, (high & HIGHEST) + 2)
