"""Which slots the server may give a number before it is asked for, in some order of the Services.

It gives out the upper band of its range while that lasts, then the lower one. Services come in any order, the entries of one as
they stand; the first number that is taken refuses the whole Service. That one
which is refused gives back what it had is not followed, so that a few numbers count as open to others that are not. Ported from initNodePorts of
pkg/registry/core/service/storage/alloc.go and the allocator of pkg/registry/core/service/portallocator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kubeqed.model.cluster import PortRange
from kubeqed.resolve.node_ports import NodePorts, NodePortSlot, dynamic_band

Clashes = Callable[[NodePortSlot], bool]


def find_pickers(ports: NodePorts, slot: NodePortSlot, whole: PortRange, may_clash: Clashes) -> Iterator[NodePortSlot]:
    """The slots without a number of their own that the server may give the number of this one; `may_clash` says with which it may."""
    number, band = slot.number, dynamic_band(whole)
    if not isinstance(number, int) or not whole.low <= number <= whole.high:
        return
    others = (other for other in ports.automatic if other.service is not slot.service)
    mine = (other for other in ports.automatic if other.service is slot.service and other.comes_before(slot))
    if number >= band.low:
        yield from filter(may_clash, others)
        yield from filter(may_clash, mine)
    elif (
        len(ports.automatic) + len(ports.explicit) > band.high - band.low
    ):  # else the upper band suffices for all of them
        yield from _find_beyond(ports, slot, band, may_clash)


def _find_beyond(ports: NodePorts, slot: NodePortSlot, band: PortRange, may_clash: Clashes) -> Iterator[NodePortSlot]:
    """The slots for which the server may have to go on to the lower band before it is asked for this one."""
    size = band.high - band.low + 1
    others = [other for other in ports.automatic if other.service is not slot.service and may_clash(other)]
    stated = [other for other in ports.explicit if other.service is not slot.service]
    filled = len(_numbers_in(stated, band)) + len({other.shared_key for other in others})
    mine = [other for other in ports.slots if other.service is slot.service and other.comes_before(slot)]
    # If others had taken the whole band, a number of it that this Service asks for earlier would be refused first.
    if filled > size and not _numbers_in(mine, band):
        yield from others
    for at, other in enumerate(mine):
        if other.automatic and not _numbers_in(mine[at:], band):
            picked = {one.shared_key for one in mine[:at] if one.automatic}
            if filled + len(_numbers_in(mine[:at], band)) + len(picked) >= size:
                yield other


def _numbers_in(slots: Iterable[NodePortSlot], band: PortRange) -> set[int]:
    return {one.number for one in slots if isinstance(one.number, int) and band.low <= one.number <= band.high}
