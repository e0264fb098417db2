"""How units are called, and what was guessed of them."""

from __future__ import annotations

from kubeqed.diagnostic import list_text
from kubeqed.model.units.unit import Join, Unit

_MOST_DIRECTORIES = 5
STATE = "state it under units: in kubeqed.yaml"


def unit_text(unit: Unit) -> str:
    """`k8s/apps/`, or the file that the unit is; of several directories all."""
    return list_text([root_text(unit, root) for root in unit.roots])


def root_text(unit: Unit, root: str) -> str:
    """A directory with a slash at its end, a file as it is called, and a cluster elsewhere as what states it calls it."""
    return root if root in unit.files or root.endswith(("/", ")")) else f"{root}/"


def join_text(unit: Unit, join: Join, effect: str = "") -> str:
    """`policies/ joined to apps/ by guess`, what that changes, and what to do."""
    joined = {other.root for other in unit.joins}
    others = [root_text(unit, root) for root in unit.roots if root not in joined]
    so = f": {effect}" if effect else ""
    return f"{root_text(unit, join.root)} joined to {list_text(others, _MOST_DIRECTORIES)} by guess{so}; {STATE}"
