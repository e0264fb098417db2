"""What a controller reaches wherever it runs, and what depends on that."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.reach.algebra.addresses import Ranges
from kubeqed.reach.algebra.ports import EMPTY, PortSet, intersection, union_of
from kubeqed.reach.peer import Representative
from kubeqed.reach.topology.known_controllers import ControllerPlace


class PlacementCondition(NamedTuple):
    """Where a controller must run: as one of `pods`, or unless it runs as one of `others`; or where it sends from.

    `usual` are the known controllers that usually run so, `unusual` those that usually run elsewhere, with the place.
    """

    pods: tuple[Representative, ...]
    others: tuple[Representative, ...]
    addresses: Ranges
    usual: tuple[str, ...]
    unusual: tuple[tuple[str, ControllerPlace], ...]


class PlacementCase(NamedTuple):
    """Ports that are open from some places only; `node` is one of these places."""

    ports: PortSet
    condition: PlacementCondition
    node: int

    @property
    def is_usual(self) -> bool:
        """Whether a known controller usually runs so."""
        return bool(self.condition.usual)


class PlacementVerdict(NamedTuple):
    """What the controller reaches of a pod wherever it runs, what depends on that, and a place that shows it."""

    sure: PortSet = EMPTY
    cases: tuple[PlacementCase, ...] = ()
    node: int | None = None

    @property
    def possible(self) -> PortSet:
        """What it reaches from some place at least."""
        return union_of([self.sure, *(one.ports for one in self.cases)])

    @property
    def shown_by(self) -> int | None:
        """The place to explain, of what depends one where it is open."""
        return self.cases[0].node if self.cases else self.node

    def on(self, asked: PortSet) -> PlacementVerdict:
        """The same about some ports."""
        cases = ((one, intersection(one.ports, asked)) for one in self.cases)
        left = tuple(one._replace(ports=ports) for one, ports in cases if ports)
        return self._replace(sure=intersection(self.sure, asked), cases=left)
