"""Verdicts for people: a line for each intent, and below it the packet that refutes it or what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kubeqed.diagnostic import more_text
from kubeqed.prove.intents.outcome import IntentsOutcome, IntentVerdict
from kubeqed.report.prove.evidence import evidence_lines
from kubeqed.report.prove.words import absent_text, deciding_line, doubt_lines, packet_text, repair_lines, verdict_word
from kubeqed.report.report import Options
from kubeqed.report.words import count_text, escape_text, make_encodable, place_text

MOST_RULES = 8


def render(found: IntentsOutcome, options: Options) -> str:
    """The verdicts in the order of the intents, then their numbers."""
    return make_encodable("".join(f"{line}\n" for line in _render_lines(found, options)))


def _render_lines(found: IntentsOutcome, options: Options) -> Iterator[str]:
    units = {one.unit.root for one in found.verdicts}
    for one in found.verdicts:
        yield from _render_verdict(one, options, named=len(units) > 1)
    for absent in found.absent:
        place = absent.namespace.place or absent.intent.place
        level = "error" if absent.closed else "warning"
        yield f"{place_text(place.span)}: {level}: {absent_text(absent)}"
    counts = Counter(verdict_word(one) for one in found.verdicts)
    said = ", ".join(f"{counts[word]} {word}" for word in ("holds", "refuted", "gave-up") if counts[word])
    yield f"{count_text(len(found.verdicts), 'verdict')}: {said or 'no intent was stated, or no object was found'}"


def _render_verdict(one: IntentVerdict, options: Options, *, named: bool) -> Iterator[str]:
    unit = f" in {escape_text(one.unit.root)}" if named else ""
    yield f"{verdict_word(one):<8} {escape_text(one.intent.name)}{unit}  {place_text(one.intent.place.span)}"
    if one.witness is not None:
        yield f"         {packet_text(one.witness)}"
    elif not one.speaks:
        yield "         it speaks of no packet: no pod or address is meant by one of its ends"
    elif one.holds is None:
        yield "         the budget was spent before an answer was found"
    yield from (f"         {line}" for line in _render_rules(one))
    yield from (f"         {line}" for line in (*doubt_lines(one.doubts), *repair_lines(one)))
    if options.evidence:
        yield from (f"         taken for granted: {fact}" for fact in one.facts)
        yield from (f"         {line}" for line in evidence_lines(one))


def _render_rules(one: IntentVerdict) -> Iterator[str]:
    start = "rests on " if one.holds else ""
    for rule in one.deciding[:MOST_RULES]:
        yield f"{start}{deciding_line(rule)}"
    yield from (f"{start}{more}" for more in more_text(len(one.deciding) - MOST_RULES, "rules"))
    if one.holds and one.speaks and not one.deciding:
        yield "rests on no rule: no policy says otherwise"
