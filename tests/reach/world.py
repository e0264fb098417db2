"""Manifests into units, in a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kubeqed.app.load import read_manifest
from kubeqed.model.units.division import divide
from kubeqed.model.units.unit import Unit
from kubeqed.parse import parse
from kubeqed.sources import Paths, Root, SourceFile, collect

PEER = Path(__file__).parents[3] / "shared" / "oracle" / "netpol-analyzer"  # another project's: not in the repository
PACKETS = Path(__file__).parents[1] / "oracle" / "v1.36.3" / "reach"


def unit_of(text: str, name: str = "manifests.yaml") -> Unit:
    """The one unit of a file."""
    manifest = read_manifest(parse(SourceFile(name, text.encode())))
    (unit,) = divide([manifest], Paths(roots=[Root(name, is_directory=False)]), closed=True).units
    return unit


def unit_of_objects(objects: list[dict[str, Any]]) -> Unit:
    """The one unit of some objects."""
    return unit_of("\n---\n".join(json.dumps(item) for item in objects))


def unit_at(directory: Path) -> Unit:
    """The one unit of a directory."""
    collected = collect([str(directory)], None)
    manifests = [read_manifest(parse(file)) for file in collected.files]
    (unit,) = divide(manifests, collected.paths, closed=True).units
    return unit
