"""What stands in many inputs is parsed once, and judged once by the rules of the server.

Files are parsed once for all the commands that are given on them, and equal texts once for all files. Else this takes
longer than all that follows.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from unittest.mock import patch

from kubeqed.apiserver import Server, Violation, admit
from kubeqed.app import load
from kubeqed.model.units.read import Manifest
from kubeqed.parse import Mapping, Parsed, parse
from kubeqed.sources import SourceFile


@contextmanager
def reading_once() -> Iterator[None]:
    """Within it, what a command reads in a file is what the one before it has read there. No garbage is searched for."""
    parsed: dict[tuple[str, bytes, bool], Parsed] = {}
    manifests: dict[int, Manifest] = {}  # by the identity of what was parsed, which lives as long
    read_manifest = load.read_manifest

    def parse_once(source: SourceFile, *, objects_only: bool = False) -> Parsed:
        key = source.path, source.content, objects_only
        if key not in parsed:
            parsed[key] = _placed(parse_text(source.content, objects_only=objects_only), source.path)
        return parsed[key]

    def read_once(file: Parsed) -> Manifest:
        if id(file) not in manifests:
            manifests[id(file)] = read_manifest(file)
        return manifests[id(file)]

    with (
        patch.object(load, "parse", parse_once),
        patch.object(load, "read_manifest", read_once),
        patch.object(import_module("kubeqed.apiserver.admit"), "admit", _admit_once),
    ):
        gc.disable()
        try:
            yield
        finally:
            gc.enable()


_MOST = 2000
_admitted: dict[tuple[object, ...], tuple[Mapping, list[Violation]]] = {}


def _admit_once(root: Mapping, group: str, version: str, kind: str, server: Server) -> Iterator[Violation]:
    key = id(root), group, version, kind, server
    if len(_admitted) > _MOST:
        _admitted.clear()
    if key not in _admitted:
        _admitted[key] = root, [*admit(root, group, version, kind, server)]
    return iter(_admitted[key][1])


def parse_text(text: bytes, *, objects_only: bool) -> Parsed:
    """A text as parsed, in no file."""
    parsed = _parse_objects(text)
    return parsed if objects_only or not parsed.passed_over else parse(SourceFile("", text))


@lru_cache(maxsize=500)
def _parse_objects(text: bytes) -> Parsed:
    return parse(SourceFile("", text), objects_only=True)


def _placed(parsed: Parsed, file: str) -> Parsed:
    return parsed._replace(file=file, documents=tuple(one._replace(file=file) for one in parsed.documents))
