"""The git generator: directories and files of a repository as parameters (generators.GitGenerator).

They are looked for in the repository at hand: a generator of another one finds nothing there, and says so.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kubeqed.build.directory import Files, thaw_documents
from kubeqed.build.gitops.argo.names import sanitize_name
from kubeqed.build.gitops.argo.parameters import Parameters, TemplateDialect, add_values, flatten, values_of
from kubeqed.build.glob import DIRECTORIES, FILES, matches
from kubeqed.build.node import COPIED, OriginNode
from kubeqed.build.refusal import RefusalError, UnbuiltError
from kubeqed.parse import Through, Unknown

_SIGNS = "*?[\\"
_MOST_FILES = 200_000  # that are looked at for one pattern


def from_git(node: OriginNode, files: Files, root: str, dialect: TemplateDialect) -> list[Parameters]:
    """The sets of a git generator; `root` is the real one of the repository at hand. An UnbuiltError where it finds nothing there."""
    for field in ("directories", "files"):
        items = node.items_at(field)
        if items:
            _check_known(items)
            found = _Generator(node, files, root, dialect)
            sets = found.of_directories(items) if field == "directories" else found.of_files(items)
            if sets:
                return sets
            patterns = ", ".join(one.text_at("path") for one in items)
            raise UnbuiltError(f"{field} {patterns} of {node.text_at('repoURL')}, which are not in this repository")
    raise UnbuiltError("a git generator of no directories and no files, which Argo CD refuses")


def _check_known(items: list[OriginNode]) -> None:
    for one in items:
        path = one.get("path")
        if path is not None and (isinstance(path.value, Unknown) or "{{" in path.text):
            raise UnbuiltError(f"paths like {path.text}, which are not known here")


class _Generator:
    """One git generator at work."""

    def __init__(self, node: OriginNode, files: Files, root: str, dialect: TemplateDialect) -> None:
        self._files = files
        self._root = root
        self._dialect = dialect
        self._prefix = node.text_at("pathParamPrefix")
        values = node.get("values")
        self._values = values.entries if values is not None else {}

    def of_directories(self, items: list[OriginNode]) -> list[Parameters]:
        """A set for each directory that an item names and none excludes, in order of their paths."""
        found = _choose_paths(items, self._match_directories, lambda pattern, path: matches(pattern, path, DIRECTORIES))
        return [self._make_set(path, found[path], {}) for path in sorted(found, key=lambda path: path.split("/"))]

    def _match_directories(self, pattern: str) -> Iterator[str]:
        """The directories that a pattern matches, none of them or above them hidden; a step of it is one of the path."""
        at = [""]
        for step in pattern.split("/"):
            at = [below for above in at for below in self._match_step(above, step)]
        yield from at

    def _match_step(self, above: str, step: str) -> Iterator[str]:
        is_pattern = any(sign in step for sign in _SIGNS)
        for name in self._list_names(above) if is_pattern else [step]:
            path = posixpath.join(above, name)
            is_hidden = name.startswith(".") or not name
            if not is_hidden and (not is_pattern or matches(step, name, DIRECTORIES)) and self._is_directory(path):
                yield path

    def _list_names(self, path: str) -> list[str]:
        try:
            return sorted(self._files.entries(posixpath.join(self._root, path)))
        except OSError as error:
            raise UnbuiltError(f"what {path or '.'} holds, which is not read: {error.strerror or error}") from None

    def _is_directory(self, path: str) -> bool:
        real = posixpath.join(self._root, path)
        return self._files.is_directory(real) and self._files.follow(real) == real

    def of_files(self, items: list[OriginNode]) -> list[Parameters]:
        """The sets that the files hold which an item names and none excludes, in order of their paths."""
        found = _choose_paths(items, self._matching_files, _is_meant)
        return [one for path in sorted(found) for one in self._sets_of_file(path, found[path])]

    def _matching_files(self, pattern: str) -> Iterator[str]:
        """The files that a pathspec of git means; all that may be are below its part without signs."""
        first = next((number for number, sign in enumerate(pattern) if sign in _SIGNS), len(pattern))
        start = pattern if first == len(pattern) else pattern[:first].rpartition("/")[0]
        start = posixpath.normpath(start) if start else ""
        real = posixpath.join(self._root, start)
        if self._files.is_file(real):
            yield start
            return
        for number, path in enumerate(self._list_files_below("" if start == "." else start)):
            if number > _MOST_FILES:
                raise UnbuiltError(f"files {pattern}, for which too many are to be looked at")
            if _is_meant(pattern, path):
                yield path

    def _list_files_below(self, directory: str) -> Iterator[str]:
        real = posixpath.join(self._root, directory)
        if not self._files.is_directory(real) or self._files.follow(real) != posixpath.normpath(real):
            return
        for name in self._list_names(directory):
            path = posixpath.join(directory, name)
            below = posixpath.join(self._root, path)
            if not self._files.holds(below):
                continue
            if self._files.is_directory(below):
                yield from self._list_files_below(path)
            else:
                yield path

    def _sets_of_file(self, path: str, item: OriginNode) -> list[Parameters]:
        real = self._files.follow(posixpath.join(self._root, path))
        try:
            trees = thaw_documents(self._files.documents(real)[:1])
        except RefusalError as error:
            raise UnbuiltError(f"the parameters of {path}, which is no YAML: {error.reason}") from None
        except OSError as error:
            raise UnbuiltError(f"the parameters of {path}, which is not read: {error.strerror or error}") from None
        sets = []
        listed = trees[0].items if trees and isinstance(trees[0].value, list) else trees
        for tree in listed:
            if not isinstance(tree.value, dict):
                raise UnbuiltError(f"the parameters of {path}, which are no mapping, so that Argo CD refuses them")
            values = values_of(tree)
            values = values if self._dialect.go else flatten(values)
            sets.append(self._make_set(path, item, values, Through(tree.place, COPIED)))
        return sets if trees else [self._make_set(path, item, {})]

    def _make_set(self, path: str, item: OriginNode, values: dict[str, Any], *through: Through) -> Parameters:
        """The set of a directory, or of a file with what it holds."""
        names = _path_names(path, is_file=bool(through) or not self._is_directory(path))
        if self._dialect.go:
            values |= {self._prefix: {"path": names}} if self._prefix else {"path": names}
        else:
            prefix = f"{self._prefix}.path" if self._prefix else "path"
            segments = names.pop("segments")
            values[prefix] = names.pop("path")
            values |= {f"{prefix}.{name}": one for name, one in names.items()}
            values |= {f"{prefix}[{number}]": one for number, one in enumerate(segments)}
        add_values(values, self._values, self._dialect)
        at = item.get("path") or item
        return Parameters(values, (Through(at.place, COPIED), *through))


def _choose_paths(
    items: list[OriginNode], list_paths: Callable[[str], Iterable[str]], is_meant: Callable[[str, str], bool]
) -> dict[str, OriginNode]:
    """The paths that an item names and none excludes, each with the first that names it."""
    found: dict[str, OriginNode] = {}
    for item in items:
        if item.text_at("exclude") != "true":
            for path in list_paths(item.text_at("path")):
                found.setdefault(path, item)
    excluded = [one.text_at("path") for one in items if one.text_at("exclude") == "true"]
    return {path: item for path, item in found.items() if not any(is_meant(one, path) for one in excluded)}


def _path_names(path: str, *, is_file: bool) -> dict[str, Any]:
    """What the parameters call a path; that of a file is its directory's."""
    directory = (posixpath.dirname(path) or ".") if is_file else path
    name = posixpath.basename(directory)
    names: dict[str, Any] = {
        "path": directory,
        "basename": name,
        "basenameNormalized": sanitize_name(name),
        "segments": directory.split("/"),
    }
    if is_file:
        filename = posixpath.basename(path)
        names |= {"filename": filename, "filenameNormalized": sanitize_name(filename)}
    return names


def _is_meant(pattern: str, path: str) -> bool:
    """Whether a pathspec of git means a file: by its name, by a directory above it, or as a pattern of the whole path."""
    plain = pattern.rstrip("/")
    return path == pattern or path.startswith(f"{plain}/") or matches(pattern, path, FILES)
