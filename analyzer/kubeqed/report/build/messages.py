"""What a build says on standard error: what the tool would refuse, and what is missing from the output."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from kubeqed.build.built import Built
from kubeqed.build.refusal import Refusal, Unbuilt
from kubeqed.report.words import count_text, escape_text, place_text


class BuildMessages(NamedTuple):
    """Lines for people and problem matchers, each once, in the order of their places."""

    refused: tuple[str, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def build_messages(built: Built, redact: Callable[[str], str], rule: str) -> BuildMessages:
    """The lines about a build; `redact` takes what is confidential out of a message, `rule` reports refusals."""
    return BuildMessages(
        _render_lines(built.refusals, "error: {}", rule, redact),
        _render_lines(built.unbuilt, "error: the output lacks {}", "part-missing", redact),
        (
            *_render_lines(built.outside, "notice: kustomize does not build this: {}", rule, redact),
            *_render_lines(
                built.ignored, "notice: not read, and the output lacks nothing of it: {}", "part-ignored", redact
            ),
        ),
    )


def _render_lines(
    said: Iterable[Refusal | Unbuilt], sentence: str, rule: str, redact: Callable[[str], str]
) -> tuple[str, ...]:
    placed = {(one.place.span, one.reason) for one in said}
    return tuple(
        f"{place_text(span)}: {escape_text(sentence.format(redact(reason)))} [{rule}]"
        for span, reason in sorted(placed)
    )


def redacted_text(count: int) -> str:
    """What is said of redacted values."""
    are = "is" if count == 1 else "are"
    return f"note: {count_text(count, 'value')} of Secrets {are} redacted; --show-secrets prints them"
