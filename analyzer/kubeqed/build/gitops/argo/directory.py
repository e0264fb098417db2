"""A directory of plain manifests: which files count, and which objects are in them (repository.findManifests)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from kubeqed.build.directory import Files
from kubeqed.build.glob import INCLUDE, matches
from kubeqed.build.node import OriginNode, thaw
from kubeqed.build.refusal import Refusal, Unbuilt
from kubeqed.parse import Place, PlacedDocument, ProblemKind

ARGO_CD = "Argo CD"  # in messages
_MANIFESTS = (".yaml", ".yml", ".json", ".jsonnet")
_SKIPPED = b"+argocd:skip-file-rendering"
_LOOKS_LIKE_ONE = (b"apiVersion:", b"kind:", b"metadata:")


class DirectoryBuild:
    """The objects of a real directory, as the `directory` options of a source say.

    A file that is no manifest and does not look like one is passed over; one that looks like one is refused.
    """

    def __init__(self, files: Files, directory: str, options: OriginNode | None, place: Place) -> None:
        self._files = files
        self._directory = directory
        self._place = place
        self._recurses = options is not None and options.text_at("recurse") == "true"
        self._include = options.text_at("include") if options is not None else ""
        self._exclude = options.text_at("exclude") if options is not None else ""
        self.objects: list[OriginNode] = []
        self.refusals: list[Refusal] = []
        self.unbuilt: list[Unbuilt] = []
        self.used: set[str] = set()
        for path in self._walk_files(directory):
            self._read_file(path)

    def _walk_files(self, directory: str) -> Iterator[str]:
        """The files below a directory in order of their paths; a link to a directory is not followed."""
        for name in sorted(self._files.entries(directory)):
            path = posixpath.join(directory, name)
            real = self._files.follow(path)
            if not self._files.holds(real):
                continue
            if self._files.is_directory(path):
                if self._recurses and real == path:
                    yield from self._walk_files(path)
            elif name.endswith(_MANIFESTS) and self._is_included(path) and self._files.is_file(real):
                yield path

    def _is_included(self, path: str) -> bool:
        """Whether `include` and `exclude` leave a file in."""
        name = posixpath.relpath(path, self._directory)
        if self._exclude and matches(self._exclude, name, INCLUDE):
            return False
        return not self._include or matches(self._include, name, INCLUDE)

    def _read_file(self, path: str) -> None:
        real = self._files.follow(path)
        if path.endswith(".jsonnet"):
            self.unbuilt.append(Unbuilt(self._place, f"{posixpath.basename(path)}, which is jsonnet"))
            return
        try:
            content = self._files.content(real)
            documents = () if _SKIPPED in content else self._files.documents(real)
        except OSError as error:
            reason = f"{posixpath.basename(path)}, which is not read: {error.strerror or error}"
            self.unbuilt.append(Unbuilt(self._place, reason))
            return
        looks_like_one = path.endswith(".json") or all(word in content for word in _LOOKS_LIKE_ONE)
        found: list[OriginNode] = []
        for placed in documents:
            if placed.document.template and (found or looks_like_one):
                self.unbuilt.append(Unbuilt(self._place, f"{placed.file}, a template that was not rendered"))
                continue
            lack = _find_lack(placed)
            if lack is None:
                found += _list_objects(placed)
            elif found or looks_like_one:
                reason = f'Failed to unmarshal "{posixpath.basename(path)}": {lack}'
                self.refusals.append(Refusal(placed.placed(placed.document.top), reason, tool=ARGO_CD))
            else:
                return
        self.used.add(real)
        self.objects += found


def _find_lack(placed: PlacedDocument) -> str | None:
    """What makes a document no object; None for an object, and for one that is empty."""
    for problem in placed.document.problems:
        if problem.kind is ProblemKind.NOT_READABLE:
            return problem.message
    root = placed.document.root
    if root is None:
        return None
    if not isinstance(root, dict):
        return "json: cannot unmarshal into Go value of type map[string]interface {}"
    return None if root.get("kind") is not None else "Object 'Kind' is missing"


def _list_objects(placed: PlacedDocument) -> Iterator[OriginNode]:
    """The object of a document, or those of the list that it is."""
    if placed.document.root is None:
        return
    tree = thaw(placed)
    items = tree.get("items")
    if items is not None and isinstance(items.value, list):
        yield from items.value
    elif items is None or items.value is not None or tree.get("spec") or tree.get("status"):
        yield tree
