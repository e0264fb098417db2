"""Brings what a chart depends on into its `charts/`, where one of the trees holds it: `helm dependency build` needs a network.

Their versions are made to fit.
"""

from __future__ import annotations

import os
import re
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
    for wanted, version in _wanted(chart):
        at = chart / "charts" / wanted
        there = any((chart / "charts").glob(f"{wanted}*")) if (chart / "charts").is_dir() else False
        if there or wanted not in known or deep > 4 or known[wanted] == chart:
            continue
        ignored = shutil.ignore_patterns(wanted, "ci")
        shutil.copytree(known[wanted], at, ignore=ignored, ignore_dangling_symlinks=True)
        _set_version(at, version)
        copied += 1 + _bring(at, known, deep + 1)
    return copied


def _wanted(chart: Path) -> list[tuple[str, str]]:
    """The names and versions of dependencies."""
    both = (_read(chart / name).get("dependencies") or () for name in ("Chart.yaml", "requirements.yaml"))
    return list({str(one.get("name")): str(one.get("version")) for several in both for one in several}.items())


def _set_version(chart: Path, version: str) -> None:
    """Gives a copied chart the version that is asked for exactly; of another one Helm says that it is another chart."""
    exact = re.fullmatch(r"[=v ]*(\d+\.\d+\.\d+\S*)", version)
    if exact is not None:
        file = chart / "Chart.yaml"
        text = file.read_text(encoding="utf-8", errors="replace")
        file.write_text(re.sub(r"(?m)^version:.*$", f"version: {exact[1]}", text), encoding="utf-8")


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
