"""Files of one volume that hide one another, and sources of a projected volume that bring none."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation, warn
from kubeqed.diagnostic import Certainty
from kubeqed.model.values.known import is_known, known_or

_LISTED = ("secret", "configMap", "downwardAPI")
_GATED = ("clusterTrustBundle", "podCertificate")


def warn_of_overlaps(spec: Node) -> Iterator[Violation]:
    """What the volumes of a pod hold twice, or not at all."""
    for volume in spec["volumes"].items():
        for key in _LISTED:
            yield from _find_hidden([item["path"] for item in volume[key]["items"].items()])
        sources = [*volume["projected"]["sources"].items()]
        yield from _find_hidden([path for source in sources for path in _list_paths(source)])
        for source in sources:
            yield from _find_empty_sources(source)


def _list_paths(source: Node) -> Iterator[Node]:
    for key in _LISTED:
        if source[key].present:
            yield from (item["path"] for item in source[key]["items"].items())
            return
    if source["serviceAccountToken"].present:
        yield source["serviceAccountToken"]["path"]


def _find_hidden(paths: list[Node]) -> Iterator[Violation]:
    """Paths that are the same, or of which one lies below the other."""
    seen: list[Node] = []
    for path in paths:
        text = known_or(path.text, "").rstrip("/")
        other = next((other for other in seen if text and _do_meet(text, known_or(other.text, "").rstrip("/"))), None)
        if other is not None:
            yield warn(path, f"overlaps with {other.path}", Reason.FIELD_IGNORED, Certainty.LIKELY)
        seen.append(path)


def _do_meet(one: str, two: str) -> bool:
    return bool(two) and (f"{one}/".startswith(f"{two}/") or f"{two}/".startswith(f"{one}/"))


def _find_empty_sources(source: Node) -> Iterator[Violation]:
    """A source of which nothing is left once the server dropped what a feature gate keeps off by default."""
    if not source.present and not source.absent:
        return
    written = [key for key, entry in source.entries() if not entry.absent]
    if all(key in _GATED for key in written) and (source.absent or is_known(source.length)):
        why = f"is dropped by default, as {written[0]} needs a feature gate" if written else "names no source"
        yield warn(source, why, Reason.FIELD_IGNORED, Certainty.LIKELY)
