"""Small worlds from text, for the tests of model, graph, prove and rule: no disk is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from posixpath import normpath
from typing import TypeVar

from kubeqed.app.load import read_manifest
from kubeqed.model.cluster import Cluster
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.division import divide
from kubeqed.model.units.input import Input, StatedUnit
from kubeqed.model.units.read import Manifest
from kubeqed.parse import parse
from kubeqed.resolve import Resolver
from kubeqed.sources import Paths, Root, SourceFile, is_below

T = TypeVar("T", bound=Object)


def manifest(text: str, file: str = "x.yaml") -> Manifest:
    return read_manifest(parse(SourceFile(file, text.encode())))


def whole(
    files: Mapping[str, str],
    roots: Sequence[str] = (".",),
    *,
    closed: bool = False,
    stated: Sequence[StatedUnit] = (),
    charts: Sequence[str] = (),
) -> Input:
    """The input that these files are; a root that is no file is a directory."""
    manifests = [manifest(text, file) for file, text in files.items()]
    paths = Paths(roots=[Root(path, path not in files) for path in roots])
    beyond = [file for file in files if not any(is_below(normpath(file), normpath(root)) for root in roots)]
    return divide(manifests, paths, beyond=beyond, stated=stated, closed=closed, charts=charts)


def graph(text: str, *, closed: bool = False, cluster: Cluster | None = None) -> Resolver:
    """The graph of one file that is one unit."""
    found = whole({"x.yaml": text}, closed=closed)
    (unit,) = found.units
    return Resolver(unit, found, cluster or Cluster())


def one(within: Resolver, kind: type[T], name: str | None = None) -> T:
    """The only object of a kind, or that of a name."""
    (found,) = [item for item in within.unit.of(kind) if name is None or item.name == name]
    return found
