"""What stands in many inputs is parsed once, and judged once by the rules of the server and by ours.

Files are parsed once for all the commands that are given on them, and equal texts once for all files; the rules run once
for `check` and the language server where both have the same objects in the same units. Else this takes longer than all that
follows.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from unittest.mock import patch

from kubeqed.apiserver import Server, Violation, admit
from kubeqed.app import load
from kubeqed.app.check import run
from kubeqed.model.cluster import Cluster
from kubeqed.model.units.input import Input
from kubeqed.model.units.read import Manifest
from kubeqed.parse import Mapping, Parsed, parse
from kubeqed.rule.catalogue import Rule
from kubeqed.rule.run import RunOutcome, run_rules
from kubeqed.rule.select import Choice
from kubeqed.sources import SourceFile


@contextmanager
def reading_once() -> Iterator[None]:
    """Within it, what a command reads in a file is what the one before it has read there. No garbage is searched for."""
    parsed: dict[tuple[str, bytes, bool], Parsed] = {}
    manifests: dict[int, Manifest] = {}  # by the identity of what was parsed, which lives as long
    outcomes: dict[object, tuple[Input, RunOutcome]] = {}  # with the input, so that its identities last
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

    def run_once(whole: Input, rules: Sequence[Rule], cluster: Cluster, choice: Choice, _: object) -> RunOutcome:
        key = _units_of(whole), tuple(rule.id for rule in rules), repr((cluster, choice))
        if key not in outcomes:
            outcomes[key] = whole, run_rules(whole, rules, cluster, choice)
        return outcomes[key][1]

    with (
        patch.object(run, "run_rules", run_once),
        patch.object(load, "parse", parse_once),
        patch.object(load, "read_manifest", read_once),
        patch.object(import_module("kubeqed.apiserver.admit"), "admit", _admit_once),
    ):
        gc.disable()
        try:
            yield
        finally:
            gc.enable()


def _units_of(whole: Input) -> object:
    """What is judged: the very files, and the very objects of each unit; builds are made anew and are never the same."""
    units = tuple((unit.roots, unit.found, unit.files, tuple(map(id, unit.objects))) for unit in whole.units)
    return units, tuple(map(id, whole.manifests)), whole.named, whole.beyond, len(whole.trials)


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
