"""Verdicts on intents as Markdown, for a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kubeqed.prove.intents.outcome import IntentsOutcome, IntentVerdict
from kubeqed.report.markdown import escape_markdown
from kubeqed.report.prove.words import absent_text, deciding_text, doubt_lines, packet_text, repair_lines, verdict_word
from kubeqed.report.report import Options
from kubeqed.report.words import count_text, make_encodable, place_text

_ICONS = {"holds": "✅", "refuted": "❌", "gave-up": "❔"}


def render(found: IntentsOutcome, _options: Options) -> str:
    """A heading, the numbers, a table."""
    return make_encodable("".join(f"{line}\n" for line in _render_lines(found)))


def _render_lines(found: IntentsOutcome) -> Iterator[str]:
    counts = Counter(verdict_word(one) for one in found.verdicts)
    said = ", ".join(f"{counts[word]} {word}" for word in _ICONS if counts[word])
    yield "### kubeqed prove"
    yield ""
    yield f"{count_text(len(found.verdicts), 'verdict')}: {said or 'no intent was stated, or no object was found'}"
    yield ""
    yield "| | Intent | Why |"
    yield "| --- | --- | --- |"
    for one in found.verdicts:
        yield f"| {_ICONS[verdict_word(one)]} | {escape_markdown(one.intent.name)} | {_list_reasons(one)} |"
    yield from (f"\n- {escape_markdown(absent_text(one))}" for one in found.absent)
    for one in found.verdicts:
        yield from _render_repair(one)


def _render_repair(one: IntentVerdict) -> Iterator[str]:
    """The edits as a block that can be copied."""
    if one.repair is None:
        return
    yield ""
    yield f"{escape_markdown(one.intent.name)}:"
    yield ""
    yield from (f"    {line}" for line in repair_lines(one))


def _list_reasons(one: IntentVerdict) -> str:
    if not one.speaks:
        return "it speaks of no packet"
    lines = [f"`{packet_text(one.witness)}`"] if one.witness is not None else []
    for rule in one.deciding:
        place = rule.place
        lines.append(escape_markdown(deciding_text(rule) + (f" ({place_text(place.span)})" if place else "")))
    lines = lines or ["no policy says otherwise"]
    return "<br>".join([*lines, *map(escape_markdown, doubt_lines(one.doubts))])
