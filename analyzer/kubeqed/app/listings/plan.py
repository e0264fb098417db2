"""The plan of addresses of what a configuration states; no manifest is read for it."""

from __future__ import annotations

from collections.abc import Sequence

from kubeqed.app.question import QuestionError
from kubeqed.app.settings import CommandLineSettings, load_settings
from kubeqed.model.addresses.plan import AddressPlan, make_plan


def plan_addresses(paths: Sequence[str], statement: CommandLineSettings) -> AddressPlan:
    """The plan; a QuestionError where nothing is stated that could be counted.

    A ConfigurationError says what is wrong with the configuration.
    """
    settings = load_settings(paths, statement)
    plan = make_plan(settings.cluster)
    if not plan.pools and not plan.capacities:
        where = settings.path or "a kubeqed.yaml"
        raise QuestionError(
            f"there is nothing to count: state nodes, or node_pools with nodes, below cluster: in {where}"
        )
    return plan


def is_short(plan: AddressPlan) -> bool:
    """Whether a range or a limit has no room."""
    return any(one.is_short for one in plan.capacities)
