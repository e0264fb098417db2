"""What every room may say: a place, how bad it is, how sure we are, and the sentence.

Nothing here knows YAML, Kubernetes or a report format, so that parse can complain in the same words as a rule.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple


class Severity(Enum):
    """How loudly a finding is reported; the values are SARIF's `level`."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the mildest; findings at or above a `--fail-on` severity fail a run."""
        return {"note": 0, "warning": 1, "error": 2}[self.value]


class Certainty(Enum):
    """How sure a finding is, from a refusal by the API server down to a matter of taste."""

    REJECTED = "rejected"
    PROVED = "proved"
    LIKELY = "likely"
    POSSIBLE = "possible"
    POSTURE = "posture"

    @property
    def severity(self) -> Severity:
        """The severity a finding of this certainty has unless the configuration says otherwise."""
        if self in (Certainty.REJECTED, Certainty.PROVED):
            return Severity.ERROR
        return Severity.WARNING if self is Certainty.LIKELY else Severity.NOTE


class Span(NamedTuple):
    """A stretch of one line: lines and columns count from 1 in code points, `end_column` is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class ObjectKey(NamedTuple):
    """Which Kubernetes object is spoken of; `namespace` is None where the manifest sets none."""

    api_version: str
    kind: str
    namespace: str | None
    name: str | None

    def __str__(self) -> str:
        name = self.name or "(no name)"
        return f"{self.kind} {self.namespace}/{name}" if self.namespace else f"{self.kind} {name}"


class Related(NamedTuple):
    """Another place that a finding speaks of, with its own sentence; one that is only on the way is named, not shown."""

    span: Span
    message: str
    object: ObjectKey | None = None
    on_the_way: bool = False


class EvidenceFact(NamedTuple):
    """One fact of a proof; `span` is None for a fact that no line states, such as a default."""

    text: str
    span: Span | None
    object: ObjectKey | None = None


class EvidenceUnknown(NamedTuple):
    """Something the manifests leave open and on which the answer depends."""

    name: str
    text: str
    span: Span | None


class Evidence(NamedTuple):
    """Why a finding is so: the facts that together make it true, or what it depends on, and a witness.

    `way` is that of a packet, from its source to its destination, where there is one.
    """

    verdict: str
    facts: tuple[EvidenceFact, ...]
    unknowns: tuple[EvidenceUnknown, ...]
    witness: tuple[tuple[str, str], ...] | None
    way: tuple[EvidenceFact, ...] = ()


class Suppression(NamedTuple):
    """Why a finding is not reported; `kind` is SARIF's: "inSource" beside the fault, "external" in a file of its own."""

    kind: str
    reason: str


class TextEdit(NamedTuple):
    """What to write at a place instead of what stands there, when only one thing can have been meant."""

    span: Span
    text: str


RENDERED_FROM = "rendered from "  # how a related place begins that names the template of a chart


class Diagnostic(NamedTuple):
    """A finding as people see it. `path` is the manifest path of the field, such as `spec.ports[0].nodePort`.

    `units` are those in which it was found. `source` is what an object that was built is called where it is written.
    """

    rule: str
    certainty: Certainty
    severity: Severity
    message: str
    span: Span
    related: tuple[Related, ...] = ()
    suggestion: str | None = None
    units: tuple[str, ...] = ()
    object: ObjectKey | None = None
    path: str = ""
    evidence: Evidence | None = None
    fingerprint: str = ""
    suppression: Suppression | None = None
    edit: TextEdit | None = None
    source: ObjectKey | None = None


class NoticeKind(Enum):
    """What kubeqed could not read or decide, or what it guessed, and therefore says."""

    UNREADABLE = "unreadable"
    NOT_READ = "not-read"
    EXCLUDED = "excluded"
    POLICY = "policy"
    CONFIGURATION = "configuration"
    SKIPPED_TEMPLATE = "skipped-template"
    GAVE_UP = "gave-up"
    INTERNAL_ERROR = "internal-error"
    GUESSED_JOIN = "guessed-join"
    UNMET_POLICIES = "unmet-policies"
    UNMODELLED = "unmodelled"


FAILURES = frozenset({NoticeKind.UNREADABLE, NoticeKind.INTERNAL_ERROR, NoticeKind.GAVE_UP})
"""The kinds of notices that say why a run could not do what it was asked for."""


class Notice(NamedTuple):
    """Something that was not analysed; `details` holds a traceback for an internal error."""

    kind: NoticeKind
    span: Span | None
    text: str
    details: str = ""


DEBUG = "KUBEQED_DEBUG"  # an environment variable
_ADVICE = "this is a fault of kubeqed: please report it, with what `kubeqed --debug` prints"


def internal_error(doing: str, failure: Exception) -> Notice:
    """The notice of an unforeseen exception: what was being done, of what type it is, and where it was raised.

    What the exception says may repeat a value of a manifest that is secret, so that it is shown only for debugging.
    """
    import traceback  # seldom needed, and slow to import

    frames = traceback.extract_tb(failure.__traceback__)
    where = f" at {_own_name(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    name = type(failure).__name__
    lines = traceback.format_exception(failure) if os.environ.get(DEBUG) else [*frames.format(), name]
    return Notice(NoticeKind.INTERNAL_ERROR, None, f"{doing} failed: {name}{where}; {_ADVICE}", "".join(lines))


class FailuresNoted:
    """Inside it, an unforeseen exception becomes a notice, so that the rest is still done and shown."""

    def __init__(self, notices: list[Notice], doing: str) -> None:
        self._notices = notices
        self._doing = doing

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, failure: BaseException | None, traceback: object) -> bool:
        if not isinstance(failure, Exception):
            return False
        self._notices.append(internal_error(self._doing, failure))
        return True


def _own_name(path: str) -> str:
    """The name of a source file without what stands above the package."""
    return "/".join(path.replace(os.sep, "/").rsplit("/", 3)[-3:])


def list_text(parts: Sequence[str], most: int | None = None, noun: str = "") -> str:
    """`a`, `a and b`, `a, b and c`; of more than `most` the first of them, and how many more there are."""
    if most is not None and len(parts) > most:
        return list_some(parts, most, noun=noun)
    return "".join(parts) if len(parts) < 2 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def list_some(parts: Sequence[str], most: int, *, count: int | None = None, noun: str = "") -> str:
    """`a, b, c`, the first `most` parts; where there are more (`count` in all): `a, b, c and 4 more`, with a noun after it."""
    shown = parts[:most]
    more = more_text((len(parts) if count is None else count) - len(shown), noun)
    return " ".join(filter(None, [", ".join(shown), *more]))


def more_text(left: int, noun: str = "") -> list[str]:
    """`and 1,200 more`, with a noun after it; empty where nothing is left out."""
    return [f"and {left:,} more {noun}".rstrip()] if left > 0 else []
