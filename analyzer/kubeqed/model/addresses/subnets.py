"""The subnets of nodes: how many addresses they have, and how many the pools in them take."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.diagnostic import Certainty
from kubeqed.model.addresses import formulas
from kubeqed.model.addresses.capacity import Capacity, PoolPlan
from kubeqed.model.addresses.limits import load_limits
from kubeqed.model.addresses.modes import NODE_SUBNET, AddressMode
from kubeqed.model.addresses.ranges import read_prefix
from kubeqed.model.stated import Stated


def list_subnets(pools: tuple[PoolPlan, ...], mode: AddressMode) -> Iterator[Capacity]:
    """The subnets that are stated, each once, with all pools that are in it."""
    shared: dict[str, list[PoolPlan]] = {}
    for one in pools:
        if one.pool.subnet is not None and one.addresses is not None:
            # A prefix alone is a subnet of its own: nothing says that two pools mean the same one.
            key = one.pool.subnet.value
            shared.setdefault(f"{key} of {one.name}" if key.startswith("/") else key, []).append(one)
    for group in shared.values():
        subnet = group[0].pool.subnet
        prefix = read_prefix(subnet.value) if subnet else None
        if subnet is not None and prefix is not None:
            yield _make_subnet(subnet, prefix, group, mode)


def _make_subnet(subnet: Stated[str], prefix: int, group: list[PoolPlan], mode: AddressMode) -> Capacity:
    reserved = _count_reserved(mode)
    needed = sum(one.addresses or 0 for one in group)
    return Capacity(
        f"subnet {subnet.value}",
        "addresses",
        subnet.place,
        needed,
        formulas.count_usable(prefix, reserved),
        " and ".join(_explain_need(one, mode) for one in group),
        f"a /{formulas.smallest_prefix(needed, reserved)}",
        _limit_subnet(mode, group),
        tuple(one.name for one in group),
    )


def _count_reserved(mode: AddressMode) -> int:
    limits = load_limits()
    by_provider = {
        "aks": limits.aks_reserved_in_subnet,
        "eks": limits.eks_reserved_in_subnet,
        "gke": limits.gke_reserved_in_subnet,
    }
    return by_provider.get(mode.provider, 2)  # the first and the last address of any subnet


def _explain_need(one: PoolPlan, mode: AddressMode) -> str:
    nodes = f"{one.nodes} nodes and {one.surge} for upgrades"
    return f"{nodes} with {one.max_pods} pods each" if mode.name == NODE_SUBNET else nodes


def _limit_subnet(mode: AddressMode, group: list[PoolPlan]) -> Certainty | None:
    """How sure a shortage is: an upgrade that does not fit is no broken cluster yet, and full interfaces are the worst case."""
    if mode.provider == "eks":
        return Certainty.POSSIBLE
    if mode.name == NODE_SUBNET:
        return None if mode.is_stated else Certainty.LIKELY
    subnet = group[0].pool.subnet
    prefix = read_prefix(subnet.value) if subnet else None
    fits = prefix is not None and sum(one.nodes for one in group) <= formulas.count_usable(
        prefix, _count_reserved(mode)
    )
    return Certainty.LIKELY if fits or not mode.name else None
