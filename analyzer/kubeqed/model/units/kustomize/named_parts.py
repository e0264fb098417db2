"""Fragments set apart from objects, with those files that a kustomization or a test suite names as parts."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Files
from itertools import chain

from kubeqed.model.units.fragment import Fragment
from kubeqed.model.units.kustomize.kustomization import Kustomization, directory_of, read_kustomizations
from kubeqed.model.units.read import Manifest
from kubeqed.parse import Mapping, Value
from kubeqed.parse import Sequence as List
from kubeqed.sources import Paths

# Suites that apply files to a cluster of the test's own:
# https://kyverno.github.io/chainsaw/latest/reference/apis/chainsaw.v1alpha1/, https://kuttl.dev/docs/testing/
APPLYING_SUITES = ("chainsaw.kyverno.io/", "kuttl.dev/", "kudo.dev/")
_ASSERTIONS = frozenset(("assert", "error", "errors", "patch", "update", "delete"))


def set_fragments_apart(manifests: Sequence[Manifest], paths: Paths) -> list[Manifest]:
    """The manifests, their fragments no longer among their objects.

    What a kustomization names as a resource is an object, whatever it lacks: a patch may add it.
    """
    by_path = {paths.real(manifest.file): manifest for manifest in manifests}
    by_directory = read_kustomizations(by_path, paths.follow)
    parts = dict(
        chain(
            _list_compared(by_path, paths), *(_list_patches(item, by_path[item.file]) for item in by_directory.values())
        )
    )
    resources = {item.local(text) for item in by_directory.values() for _, text in item.entries()}
    return [_set_apart(manifest, parts.get(path), resource=path in resources) for path, manifest in by_path.items()]


def _set_apart(manifest: Manifest, why: str | None, *, resource: bool) -> Manifest:
    if why is not None:
        fragments = tuple(Fragment(item, why) for item in manifest.objects)
    else:
        fragments = tuple(found for found in manifest.fragments if not (resource and found.lacking))
    if not manifest.fragments and not fragments:
        return manifest
    parts = {id(fragment.part) for fragment in fragments}
    objects = tuple(item for item in manifest.objects if id(item) not in parts)
    return manifest._replace(objects=objects, fragments=fragments)


def _list_compared(by_path: Files[str, Manifest], paths: Paths) -> Iterator[tuple[str, str]]:
    """(real path, why) of each file that a test suite names as a part."""
    for path, manifest in by_path.items():
        for placed in manifest.documents:
            if _is_suite(placed.document.root):
                for text in _list_asserted(placed.document.root):
                    part = paths.follow(posixpath.normpath(posixpath.join(directory_of(path), text)))
                    yield part, f"{placed.file} compares objects with its file, or patches or deletes them by it"


def _list_patches(kustomization: Kustomization, manifest: Manifest) -> Iterator[tuple[str, str]]:
    for text in manifest.commented:
        yield kustomization.local(text), f"a comment of {kustomization.placed.file} names its file as a patch"
    for path in kustomization.patches():
        yield path, f"{kustomization.placed.file} names its file as a patch"


def _is_suite(root: Value) -> bool:
    version = root.get("apiVersion") if isinstance(root, Mapping) else None
    return isinstance(version, str) and version.startswith(APPLYING_SUITES)


def _list_asserted(node: Value) -> Iterator[str]:
    """The files below the operations of a suite that compare, patch and delete."""
    for key, value in node.items() if isinstance(node, Mapping) else ():
        yield from _list_files(value) if key in _ASSERTIONS else _list_asserted(value)
    for item in node if isinstance(node, List) else ():
        yield from _list_asserted(item)


def _list_files(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _list_files(value.get("file"))
    elif isinstance(value, List):
        for item in value:
            yield from _list_files(item)
