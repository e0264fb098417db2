"""The plan of addresses as one JSON object."""

from __future__ import annotations

from json import dumps
from typing import Any

from kubeqed.model.addresses.capacity import Capacity, PoolPlan
from kubeqed.model.addresses.plan import AddressPlan
from kubeqed.report.entries import place_json
from kubeqed.report.report import Options
from kubeqed.report.words import make_encodable

VERSION = 1


def render(plan: AddressPlan, _options: Options) -> str:
    """One JSON object; what is not known is null."""
    value = {
        "version": VERSION,
        "provider": plan.mode.provider or None,
        "network_mode": plan.mode.name or None,
        "network_mode_stated": plan.mode.is_stated,
        "pools": [_pool_json(one) for one in plan.pools],
        "ranges": [_range_json(one) for one in plan.capacities],
    }
    return make_encodable(dumps(value, indent=2, ensure_ascii=False) + "\n")


def _pool_json(one: PoolPlan) -> dict[str, Any]:
    return {
        "name": one.name,
        "nodes": one.nodes,
        "surge": one.surge,
        "max_pods": one.max_pods,
        "addresses": one.addresses,
        "node_mask": one.node_mask,
    }


def _range_json(one: Capacity) -> dict[str, Any]:
    return {
        **place_json(one.place.span if one.place else None),
        "subject": one.subject,
        "counted": one.counted,
        "needed": one.needed,
        "available": one.available,
        "short": one.is_short,
        "reason": one.reason,
        "least": one.least or None,
        "pools": list(one.pools),
    }
