"""Whether the ranges of a cluster have room for its nodes and pods, and its public addresses for what is asked of them."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.addresses.capacity import Capacity
from kubeqed.model.addresses.plan import make_plan
from kubeqed.prove.clauses.address_fault import AddressFault
from kubeqed.resolve import Resolver


def list_shortages(graph: Resolver) -> list[AddressFault]:
    """The ranges and limits of which more is needed than there is."""
    return list(_find_shortages(graph))


def _find_shortages(graph: Resolver) -> Iterator[AddressFault]:
    plan = make_plan(graph.cluster)
    assumed = plan.mode.name if not plan.mode.is_stated else ""
    for one in plan.capacities:
        if one.is_short and one.place is not None:
            yield AddressFault(one.place, describe_shortage(one, assumed), one.at_most)


def describe_shortage(one: Capacity, assumed: str) -> str:
    """A shortage in words; `assumed` is the network mode where nobody states it."""
    text = f"{one.needed:,} {one.counted} are needed, and {one.subject} has room for {one.available:,}: {one.reason}"
    mode = f" (network_mode {assumed} is taken)" if assumed else ""
    return f"{text}{mode}" + (f"; {one.least} would do" if one.least else "")
