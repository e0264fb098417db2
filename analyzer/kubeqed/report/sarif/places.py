"""Files, regions and links between places."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote

from sarif_om import ArtifactLocation, Location, LogicalLocation, Message, PhysicalLocation, Region

from kubeqed.report.paths import from_root
from kubeqed.sources.content import STDIN

if TYPE_CHECKING:
    from kubeqed.diagnostic import ObjectKey, Span

ROOT = "%SRCROOT%"
MOST_LINKS = 100  # GitHub shows no more places than these for a result


def build_location(span: Span, root: str | None) -> Location:
    """A place in a file."""
    region = Region(start_line=span.line, start_column=span.column, end_line=span.end_line, end_column=span.end_column)
    return Location(
        physical_location=PhysicalLocation(artifact_location=build_artifact_location(span.file, root), region=region)
    )


def build_artifact_location(file: str, root: str | None) -> ArtifactLocation:
    """A file: relative to the root, absolute outside of it, `stdin` for standard input."""
    if file == STDIN:
        return ArtifactLocation(uri="stdin")
    inside = from_root(file, root)
    if inside is None:
        return ArtifactLocation(uri=file_uri(os.path.abspath(file)))
    return ArtifactLocation(uri=_quote_path(inside), uri_base_id=ROOT)


def file_uri(path: str) -> str:
    """An absolute path as a URI."""
    slashed = path.replace(os.sep, "/")
    return f"file://{'' if slashed.startswith('/') else '/'}{_quote_path(slashed, ':')}"


def build_logical_location(key: ObjectKey, path: str) -> LogicalLocation:
    """The Kubernetes object, and the field in it."""
    return LogicalLocation(name=key.name, fully_qualified_name=f"{key}{f' {path}' if path else ''}", kind="object")


def link(text: str, target: int) -> str:
    """Text that leads to the related location with this id."""
    for character in "\\[]":
        text = text.replace(character, "\\" + character)
    return f"[{text}]({target})"


def escape_links(text: str) -> str:
    """Text in which nothing is taken for a link."""
    return text.replace("](", "\\](")


def build_message(text: str) -> Message:
    """A plain message."""
    return Message(text=text)


def _quote_path(path: str, also: str = "") -> str:
    return quote(os.fsencode(path), safe=f"/@!$&'()*+,;=~{also}")
