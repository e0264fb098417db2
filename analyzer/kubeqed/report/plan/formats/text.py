"""A table of the pools, then a line for each range and limit."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.addresses.capacity import Capacity, PoolPlan
from kubeqed.model.addresses.plan import AddressPlan
from kubeqed.report.report import Options
from kubeqed.report.words import escape_text

_HEAD = ("POOL", "NODES", "UPGRADE", "PODS A NODE", "ADDRESSES", "BLOCK A NODE")


def render(plan: AddressPlan, _options: Options) -> str:
    """The text of a plan."""
    return "".join(f"{escape_text(line)}\n" for line in _render_lines(plan))


def _render_lines(plan: AddressPlan) -> Iterator[str]:
    mode = plan.mode
    assumed = "" if mode.is_stated or not mode.name else " (taken, not stated)"
    yield f"{mode.provider or 'provider not stated'}: {mode.name or 'network mode not stated'}{assumed}"
    if plan.pools:
        rows = [_HEAD, *map(_list_cells, plan.pools)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
        yield from (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )
    yield from (describe_capacity(one) for one in plan.capacities)


def _list_cells(one: PoolPlan) -> tuple[str, ...]:
    addresses = "-" if one.addresses is None else f"{one.addresses:,}"
    block = "-" if one.node_mask is None else f"/{one.node_mask}"
    return one.name, f"{one.nodes:,}", f"+{one.surge:,}", str(one.max_pods), addresses, block


def describe_capacity(one: Capacity) -> str:
    """A range or a limit in one line."""
    verdict = "short" if one.is_short else "ok"
    least = f"; {one.least} would do" if one.is_short and one.least else ""
    return f"{verdict}: {one.subject}: {one.needed:,} of {one.available:,} {one.counted}: {one.reason}{least}"
