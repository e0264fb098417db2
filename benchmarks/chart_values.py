"""Values files made at random from a chart's own: true and false are switched, numbers and texts changed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

_TEXTS = ("x", "a-b.c", "1", "true", "10Mi", "ClusterIP", "two words", "")


def random_values(chart: Path, count: int, folder: Path) -> Iterator[Path]:
    """So many files of values in a folder, the same on each run; none where the chart has no values that can be read."""
    yaml = import_module("ruamel.yaml")
    file = chart / "values.yaml"
    if not file.is_file():
        return
    try:
        values = yaml.YAML(typ="safe").load(file.read_text(encoding="utf-8", errors="replace"))
    except yaml.YAMLError:
        return
    leaves = list(_leaves(values, ()))
    for number in range(count if leaves else 0):
        chance = random.Random(f"{chart.name} {number}")
        few = chance.sample(leaves, min(len(leaves), chance.choice((1, 3, 8, 20))))
        switched = [leaf for leaf in leaves if isinstance(leaf[1], bool) and chance.random() < 0.1 * (number % 4)]
        at = folder / f"values-{number}.json"
        at.write_text(json.dumps(_changed([*few, *switched], chance), default=str), encoding="utf-8")
        yield at


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What is not in a list, where a file of values cannot change one item."""
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from _leaves(one, (*path, str(key)))
    elif path and not isinstance(value, list):
        yield path, value


def _changed(leaves: list[tuple[tuple[str, ...], Any]], chance: random.Random) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for path, value in leaves:
        into = changed
        for key in path[:-1]:
            into = into.setdefault(key, {})
        into[path[-1]] = _other(value, chance)
    return changed


def _other(value: Any, chance: random.Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return chance.choice((0, 1, 0.5, value + 1, value * 1000 if value > 500 else 33))
    if isinstance(value, dict):
        return {"example.com/key": chance.choice(_TEXTS)}
    return chance.choice((*_TEXTS, f"{value}-x", f"{value}"))
