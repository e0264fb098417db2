"""For people: the line that editors read, the source with carets, related places, help and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubeqed.diagnostic import list_some
from kubeqed.report.check.excerpt import Excerpt, cut_excerpt
from kubeqed.report.style import Style
from kubeqed.report.words import LEVELS, escape_text, make_encodable, message_text, place_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubeqed.diagnostic import Diagnostic, Evidence, EvidenceFact, EvidenceUnknown, Related, Span
    from kubeqed.report.report import CheckResult, Options

INDENT = "  "
_MOST_UNITS = 5
VERDICTS = {
    "Fails": "wrong whatever else the cluster holds, because",
    "Depends": "wrong in some clusters, because",
    "Holds": "right whatever else the cluster holds, because",
}

TELLS_NOTICES = False


def render(report: CheckResult, options: Options) -> str:
    """Every finding as a block, an empty line between blocks."""
    blocks = ("\n".join(_render_block(finding, options)) + "\n" for finding in report.findings)
    return make_encodable("\n".join(blocks))


def _render_block(finding: Diagnostic, options: Options) -> Iterator[str]:
    """A finding with its excerpt, related places and evidence."""
    style = Style(color=options.color)
    yield _render_headline(finding, style)
    digits = _count_digits(finding)
    shown = cut_excerpt(finding.span, options.visible_lines, options.width - digits - 5)
    if shown:
        yield from _render_excerpt(shown, "^", style, finding.severity.value, digits)
    on_the_way = [related for related in finding.related if related.on_the_way]
    for related in finding.related:
        if related not in on_the_way[_MOST_UNITS:]:
            yield from _render_related(related, finding.span, options, digits)
    bar = " " * (digits + 1)
    if len(finding.units) > 1:
        units = escape_text(list_some(list(finding.units), _MOST_UNITS))
        yield f"{bar}{style('gutter', '=')} in {len(finding.units)} units: {units}"
    if finding.suggestion:
        yield f"{bar}{style('gutter', '=')} {style('help', 'help')}: {escape_text(finding.suggestion)}"
    if options.evidence and finding.evidence:
        yield from (f"{bar}{line}" for line in _render_evidence(finding.evidence, style))


def _render_headline(finding: Diagnostic, style: Style) -> str:
    level = style.level(finding.severity, LEVELS[finding.severity])
    sentence = style("bold", escape_text(message_text(finding)))
    return f"{style('bold', place_text(finding.span))}: {level}: {sentence} {style('dim', f'[{finding.rule}]')}"


def _count_digits(finding: Diagnostic) -> int:
    """Columns for line numbers, the same for all excerpts of a finding, so that their bars stand in one line."""
    return max(len(str(span.line)) for span in (finding.span, *(related.span for related in finding.related))) + 1


def _render_excerpt(shown: Excerpt, mark: str, style: Style, color: str, digits: int) -> Iterator[str]:
    empty = style("gutter", " " * digits + " |")
    yield empty
    yield f"{style('gutter', f'{shown.number:>{digits}} |')} {shown.source}".rstrip()
    yield f"{empty} {' ' * shown.before}{style(color, mark * shown.carets)}"


def _render_related(related: Related, primary: Span, options: Options, digits: int) -> Iterator[str]:
    """A related place, with its line where that is another one."""
    style = Style(color=options.color)
    arrow = style("gutter", " " * (digits - 1) + "-->")
    yield f"{arrow} {place_text(related.span)}: {escape_text(related.message)}"
    if related.on_the_way or (related.span.file, related.span.line) == (primary.file, primary.line):
        return  # or the line stands above already
    shown = cut_excerpt(related.span, options.visible_lines, options.width - digits - 5)
    if shown:
        yield from _render_excerpt(shown, "-", style, "gutter", digits)


def _render_evidence(evidence: Evidence, style: Style) -> Iterator[str]:
    """The facts that make a finding true, and what it depends on."""
    bar = style("gutter", "=")
    if evidence.facts:
        yield f"{bar} {style('bold', VERDICTS.get(evidence.verdict, escape_text(evidence.verdict)))}"
        yield from (f"{INDENT}{_render_sentence(fact)}" for fact in evidence.facts)
    if evidence.unknowns:
        yield f"{bar} {style('bold', 'depends on')}"
        yield from (f"{INDENT}{_render_sentence(unknown)}" for unknown in evidence.unknowns)
    if evidence.witness:
        pairs = ", ".join(f"{escape_text(name)} = {escape_text(value)}" for name, value in evidence.witness)
        yield f"{bar} {style('bold', 'for example')}: {pairs}"


def _render_sentence(stated: EvidenceFact | EvidenceUnknown) -> str:
    return f"{place_text(stated.span)} {escape_text(stated.text)}" if stated.span else escape_text(stated.text)
