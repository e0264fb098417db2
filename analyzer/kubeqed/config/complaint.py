"""What a configuration got wrong, in the words and the form of every other message."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.diagnostic import Span


class Complaint(NamedTuple):
    """One thing that is wrong, and where."""

    span: Span
    message: str

    def __str__(self) -> str:
        return f"{self.span.file}:{self.span.line}:{self.span.column}: error: {self.message}"


class ConfigurationError(Exception):
    """The configuration cannot be used; `complaints` say why, in the order of the file, each line of the text is one."""

    def __init__(self, complaints: tuple[Complaint, ...]) -> None:
        super().__init__(complaints)
        self.complaints = complaints

    def __str__(self) -> str:
        return "\n".join(map(str, self.complaints))
