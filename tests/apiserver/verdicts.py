"""The recorded verdicts of a real server, and kubeqed's answer to the same manifests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kubeqed.apiserver import Server, Violation, find_violations
from kubeqed.app.load import read_manifest
from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.read import Manifest
from kubeqed.parse import parse
from kubeqed.sources import SourceFile

ORACLE = Path(__file__).parents[1] / "oracle" / "v1.36.3"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SERVER = Server(service_cidrs=("10.0.0.0/16",))  # as the README beside the verdicts says

# Where the server's name of a field is not how a manifest writes it.
ODD_PATHS = (
    (re.compile(r"^spec\.LoadBalancerSourceRanges"), "spec.loadBalancerSourceRanges"),  # capital L
    (
        re.compile(r"^annotations\.kubernetes\.io/ingress\.class$"),
        'metadata.annotations["kubernetes.io/ingress.class"]',
    ),
)


class Step(NamedTuple):
    """One request: what was sent, whether it was accepted, and which fields were blamed."""

    name: str
    text: str
    accepted: bool
    causes: frozenset[str]
    warnings: tuple[str, ...]


def lines(name: str) -> Iterator[dict[str, Any]]:
    """The lines of a recorded file."""
    with (ORACLE / name).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def step(name: str, text: str, recorded: dict[str, Any]) -> Step:
    """A recorded step."""
    causes = {_path(cause["field"]) for cause in recorded.get("causes") or [] if cause.get("field")}
    warnings = tuple(recorded.get("warnings") or ())
    return Step(name, text, recorded["verdict"] == "accepted", frozenset(causes), warnings)


def _path(field: str) -> str:
    for pattern, instead in ODD_PATHS:
        field = pattern.sub(instead, field)
    return field


def manifest(text: str, name: str = "manifest.yaml") -> Manifest:
    """The objects of a text."""
    return read_manifest(parse(SourceFile(name, text.encode())))


def rejected(item: Object, server: Server = SERVER) -> list[Violation]:
    """What kubeqed says the server refuses in an object."""
    return [found for found in find_violations(item, server) if found.certainty is Certainty.REJECTED]
