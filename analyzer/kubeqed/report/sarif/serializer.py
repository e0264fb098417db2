"""From `sarif_om` objects to JSON.

`sarif_om` has no serializer, and that of `jschema_to_python` leaves out whatever equals a default, so that every
warning loses its level.
"""

from __future__ import annotations

from typing import Any

from sarif_om import Suppression

ALWAYS = frozenset({"level"})  # readers differ about its default, so it is always said
RENAMED = {(Suppression, "state"): "status"}  # the released standard calls it so


def to_json(value: Any) -> Any:
    """A value that `json.dumps` accepts; None and defaults are left out, empty lists are kept."""
    if hasattr(type(value), "__attrs_attrs__"):
        return dict(_list_members(value))
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    return value


def _list_members(value: Any) -> list[tuple[str, Any]]:
    members = []
    for field in type(value).__attrs_attrs__:
        held = getattr(value, field.name)
        name = RENAMED.get((type(value), field.name), field.metadata["schema_property_name"])
        if held is not None and (name in ALWAYS or held != _find_default(field)):
            members.append((name, to_json(held)))
    return members


def _find_default(field: Any) -> Any:
    default = field.default
    return default.factory() if hasattr(default, "factory") else default
