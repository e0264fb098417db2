"""An answer about something that should exist and may be missing."""

from __future__ import annotations

from kubeqed.parse import Place
from kubeqed.prove.engine.answer import Answer, Decision
from kubeqed.resolve.missing.reference import MissingReference


class MissingAnswer(Answer):
    """`missing` says what can be said of the missing thing; None when it is not surely missing from the unit."""

    def __init__(self, decision: Decision, missing: MissingReference | None = None) -> None:
        super().__init__(decision)
        self.missing = missing

    @property
    def is_likely_a_mistake(self) -> bool:
        """Whether a candidate was probably meant and nothing excuses the reference."""
        return self.missing is not None and self.missing.is_likely_a_mistake

    @property
    def candidate(self) -> str:
        """The end of a message that names what was probably meant; empty when nothing was."""
        found = self.missing.candidate if self.missing else None
        return f"; {found.why}" if found else ""

    @property
    def field(self) -> str:
        """The field of the reference to correct: its kind where what has the name is of another kind, else its name."""
        found = self.missing.candidate if self.missing else None
        return "kind" if found is not None and found.path == "kind" else "name"

    @property
    def meant(self) -> str | None:
        """What `field` surely was meant to say, if the missing thing is a mistake at all: that of the one candidate."""
        missing = self.missing
        if missing is None or missing.candidate is None or missing.excused or not missing.alone:
            return None
        name = missing.candidate.object.name
        if self.field == "kind":
            return missing.candidate.object.kind
        return name if missing.candidate.path == "metadata.name" and isinstance(name, str) else None

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        """Where the candidate stands."""
        found = self.missing.candidate if self.missing else None
        return ((found.object.at(found.path), "probably meant"),) if found else ()
