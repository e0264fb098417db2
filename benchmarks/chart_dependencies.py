"""Brings what a chart depends on into its `charts/`, where one of the trees holds it: `helm dependency build` needs a network.

A version that the chart does not ask for is no matter: both tools that are compared find the same.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any


def charts_of(trees: Sequence[Path]) -> Iterator[Path]:
    """The directories that hold a chart, those within another chart left out."""
    for tree in trees:
        for folder, below, files in os.walk(tree.resolve()):
            below[:] = sorted(name for name in below if name != ".git")
            if "Chart.yaml" in files:
                below[:] = []
                yield Path(folder)


def bring_dependencies(trees: Sequence[Path]) -> int:
    """Copies the dependencies that are missing, from the same tree or owner before others; how many were copied."""
    charts = [(_owner_of(tree), tree.name, chart) for tree in trees for chart in charts_of([tree])]
    known: dict[tuple[str, str], Path] = {}
    for owner, tree, chart in charts:
        name = str(_read(chart / "Chart.yaml").get("name"))
        for within in (tree, owner, ""):
            known.setdefault((within, name), chart)
    copied = 0
    for owner, tree, chart in charts:
        nearest = {name: at for within in ("", owner, tree) for (of, name), at in known.items() if of == within}
        copied += _bring(chart, nearest, deep=0)
    return copied


def _owner_of(tree: Path) -> str:
    return tree.name.partition("+")[0]


def _bring(chart: Path, known: dict[str, Path], deep: int) -> int:
    copied = 0
    for wanted in _names(chart):
        at = chart / "charts" / wanted
        there = any((chart / "charts").glob(f"{wanted}*")) if (chart / "charts").is_dir() else False
        if there or wanted not in known or deep > 4 or known[wanted] == chart:
            continue
        shutil.copytree(known[wanted], at, symlinks=True, ignore=shutil.ignore_patterns(wanted, "ci"))
        copied += 1 + _bring(at, known, deep + 1)
    return copied


def _names(chart: Path) -> list[str]:
    both = (_read(chart / name).get("dependencies") or () for name in ("Chart.yaml", "requirements.yaml"))
    return list(dict.fromkeys(str(one.get("name")) for several in both for one in several))


def _read(file: Path) -> dict[str, Any]:
    """A mapping; an empty one where the file holds none."""
    if not file.is_file():
        return {}
    yaml = import_module("ruamel.yaml")
    try:
        found = yaml.YAML(typ="safe").load(file.read_text(encoding="utf-8", errors="replace"))
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}
