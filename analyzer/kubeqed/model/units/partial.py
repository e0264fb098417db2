"""Files whose objects may never reach a server as they are written: parts of others, and what tests read."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import lru_cache

from kubeqed.late_pattern import compile_late
from kubeqed.model.file_names import is_kustomization
from kubeqed.model.units.input import Input
from kubeqed.model.units.kustomize.named_parts import APPLYING_SUITES
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.parse import Mapping, Sequence, Value
from kubeqed.sources import is_below

# https://pkg.go.dev/cmd/go#hdr-Test_packages, Maven's standard directory layout, and what test frameworks call their files. `test/`,
# `e2e/` and `examples/` are not among them: what stands there is mostly applied.
_TEST_DATA = compile_late(
    r"(?:^|/)(?:test[-_]?data|src/test|(?:test[-_])?fixtures|__fixtures__|__snapshots__|tests?/(?:[^/]+/)?(?:generated|golden|expected|snapshots?|baselines?)|invalid(?:[-_][^/]+)?)(?=/|$)"
)
# What people read: excerpts that a page of the documentation takes in, and those on the slides of a talk.
_EXCERPTS = compile_late(r"(?:^|/)(?:docs?/(?:[^/]+/)*snippets|slides)(?=/|$)")
_BASE = compile_late(r"(.*/bases?)(?:/.*)?")
# Suites that judge files without a server.
_OFFLINE = ("cli.kyverno.io/", "test.gatekeeper.sh/")


def may_be_partial(file: str, unit: Unit | None, whole: Input) -> bool:
    """Whether what an object of a file lacks may be added: a kustomization stands at or above it and does not name it.

    `unit` is one that holds the file, if any.
    """
    if unit is not None and file in unit.kustomized:
        return False
    directories = _list_kustomized(whole)
    directory = whole.directory_of(file)
    while directory not in directories:
        parent = posixpath.dirname(directory)
        if parent == directory:
            return False
        directory = parent
    return True


def is_unused_base(unit: Unit, whole: Input) -> bool:
    """Whether the unit is a base that no overlay takes in, beside others that some do: what it lacks is left to overlays."""
    if unit.found is not UnitOrigin.KUSTOMIZATION or (found := _BASE.fullmatch(unit.places[0])) is None:
        return False
    bases = found[1]
    return any(
        not is_below(other.places[0], bases)
        and any(is_below(whole.paths.real(file), bases) for file in other.kustomized)
        for other in whole.units
        if other.found is UnitOrigin.KUSTOMIZATION
    )


def is_test_data(file: str, whole: Input) -> bool:
    """Whether only tests read a file, which no server gets: a test names it, or a directory between the PATHs and it bears a name for test data."""
    inside, common = whole.directory_of(file), whole.paths.common
    by_name = _TEST_DATA.search(inside) is not None and _TEST_DATA.search(common) is None
    return by_name or whole.paths.real(file) in _named_by_tests(whole, _OFFLINE)


def is_excerpt(file: str, whole: Input) -> bool:
    """Whether a directory between the PATHs and a file says that people alone read it: alternatives stand there beside one another."""
    return _EXCERPTS.search(whole.directory_of(file)) is not None and _EXCERPTS.search(whole.paths.common) is None


def is_applied_by_test(file: str, whole: Input) -> bool:
    """Whether a test applies a file, so that it shares a cluster with the files of that test alone."""
    return whole.paths.real(file) in _named_by_tests(whole, APPLYING_SUITES)


@lru_cache(maxsize=4)  # asked for each finding
def _named_by_tests(whole: Input, suites: tuple[str, ...]) -> frozenset[str]:
    """The real paths of the files that a test below the PATHs names beside or below itself; those elsewhere are not the test's own."""
    return frozenset(
        path
        for manifest in whole.manifests
        if not is_below(whole.paths.common, whole.directory_of(manifest.file))
        for placed in manifest.documents
        if _is_of(placed.document.root, suites)
        for path in _list_beside(whole.directory_of(manifest.file), placed.document.root)
    )


def _is_of(root: Value, suites: tuple[str, ...]) -> bool:
    version = root.get("apiVersion") if isinstance(root, Mapping) else None
    return isinstance(version, str) and version.startswith(suites)


def _list_beside(directory: str, node: Value) -> Iterator[str]:
    """The paths at or below a directory that the texts of a value would name."""
    if isinstance(node, str):
        path = posixpath.normpath(posixpath.join(directory, node))
        if is_below(path, directory):
            yield path
    elif isinstance(node, Mapping | Sequence):
        for value in node.values() if isinstance(node, Mapping) else node:
            yield from _list_beside(directory, value)


@lru_cache(maxsize=2)  # asked for each object
def _list_kustomized(whole: Input) -> frozenset[str]:
    files = (manifest.file for manifest in whole.manifests)
    return frozenset(whole.directory_of(file) for file in files if is_kustomization(file))
