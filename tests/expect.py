"""The expectations that stand in manifests, compared both ways with what was found.

    # expect: [column] id[, id…] ["part of the message"]

stands at the end of the faulty line, or alone above it; another comment may follow. An id may carry the one certainty
that is wanted, `id (likely)`; without it any finding counts that is shown by default, and a hidden one is not found. A
JSON manifest, which holds no comments, has a twin `<file>.expect` whose lines are `LINE: ` and the same. What the user
states stands on top: `# config: cni.name=flannel` (a path below `cluster:`, the value as in YAML), or
`# config: world=closed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from kubeqed.app.check.shown import DEFAULT
from kubeqed.diagnostic import Diagnostic

_SIGN = "# expect:"
_ENTRY = r"[a-z0-9-]+(?:\s+\((?:rejected|proved|likely|possible|posture)\))?"
_EXPECT = re.compile(rf"\s*(?:(\d+)\s+)?({_ENTRY}(?:\s*,\s*{_ENTRY})*)\s*(?:\"(.*)\"\s*)?(?:#.*)?\Z")
_CONFIG = re.compile(r"^# config:\s*([\w.]+)\s*=\s*(.*?)\s*$", re.MULTILINE)


class Expectation(NamedTuple):
    """A finding that must be there; what is None or empty is not asked for."""

    file: str
    line: int
    column: int | None
    rule: str
    certainty: str
    part: str

    def is_met_by(self, found: Diagnostic) -> bool:
        """Whether a finding is the expected one."""
        return (
            (self.file, self.line, self.rule) == (found.span.file, found.span.line, found.rule)
            and self.column in (None, found.span.column)
            and self.part in found.message
            and (found.certainty.value == self.certainty if self.certainty else found.certainty in DEFAULT)
        )


class Statements(NamedTuple):
    """What the headers of some manifests state."""

    closed: bool
    cluster: dict[str, Any]

    @property
    def configuration(self) -> str:
        """The `kubeqed.yaml` that says the same; empty when only the world was stated."""
        return "cluster:\n" + _yaml(self.cluster, 1) if self.cluster else ""


def expectations(file: str, text: str) -> Iterator[Expectation]:
    """What the comments of a manifest expect."""
    waiting: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        before, sign, said = line.partition(_SIGN)
        if sign and not before.strip():
            waiting.append(said)
            continue
        for one in [*waiting, *([said] if sign else ())]:
            yield from _read(file, number, one)
        waiting = []
    if waiting:
        raise ValueError(f"{file}: an expectation stands above no line")


def twin(file: str, text: str) -> Iterator[Expectation]:
    """What the `.expect` twin of a JSON manifest expects."""
    for line in filter(str.strip, text.split("\n")):
        number, _, said = line.partition(":")
        yield from _read(file, int(number), said)


def statements(texts: Iterable[str]) -> Statements:
    """What the headers of the manifests state."""
    closed, cluster = False, dict[str, Any]()
    for path, value in (match for text in texts for match in _CONFIG.findall(text)):
        if path == "world":
            closed = value == "closed"
            continue
        *parents, key = path.split(".")
        inner = cluster
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[key] = value
    return Statements(closed, cluster)


def differences(expected: Iterable[Expectation], found: Sequence[Diagnostic]) -> list[str]:
    """What was expected and not found, then what is shown and was not expected; empty when all is as it should be."""
    left, unmet = list(found), []
    for wanted in expected:
        met = next((item for item in left if wanted.is_met_by(item)), None)
        if met is None:
            unmet.append(
                f"{wanted.file}:{wanted.line}: expected {wanted.rule} {wanted.certainty} {wanted.part!r}, not found"
            )
        else:
            left.remove(met)
    return [*unmet, *(f"unexpected: {_shown(item)}" for item in left if item.certainty in DEFAULT)]


def _read(file: str, line: int, said: str) -> Iterator[Expectation]:
    match = _EXPECT.match(said)
    if match is None:
        raise ValueError(f"{file}:{line}: not an expectation: {said}")
    for entry in match[2].split(","):
        rule, _, certainty = entry.strip().partition(" ")
        yield Expectation(file, line, int(match[1]) if match[1] else None, rule, certainty.strip(" ()"), match[3] or "")


def _yaml(node: dict[str, Any], depth: int) -> str:
    lines = []
    for key, value in node.items():
        inner = f"\n{_yaml(value, depth + 1)}" if isinstance(value, dict) else f" {value}\n"
        lines.append(f"{'  ' * depth}{key}:{inner}")
    return "".join(lines)


def _shown(item: Diagnostic) -> str:
    span = item.span
    return f"{span.file}:{span.line}:{span.column}: {item.certainty.value}: {item.message} [{item.rule}]"
