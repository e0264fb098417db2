"""A comment for a pull request: for each unit a table of the CNIs, and the lines that they lose."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.diagnostic import more_text
from kubeqed.report.cni.listing import CniGroup, CniListing, UnitCnis, group_alike
from kubeqed.report.cni.words import row_lines, verdict_text
from kubeqed.report.markdown import escape_markdown, shrink
from kubeqed.report.report import Options
from kubeqed.report.unit_names import unit_text

MOST = 50  # units, so that the comment stays below the limit of Git hosts


def render(listing: CniListing, _options: Options) -> str:
    """Markdown; nothing where no unit has policies."""
    blocks = ["\n".join(_render_unit(one)) + "\n" for one in listing.units[:MOST]]
    more = [f"{text}\n" for text in more_text(len(listing.units) - MOST, "units")]
    return "\n".join([*blocks, *more])


def _render_unit(one: UnitCnis) -> Iterator[str]:
    yield f"### Policies of {escape_markdown(unit_text(one.unit))} on each CNI"
    yield ""
    yield "| CNI | Versions | Policies |"
    yield "| --- | --- | --- |"
    for group in group_alike(one.table):
        yield from _render_rows(group)


def _render_rows(group: CniGroup) -> Iterator[str]:
    first = group.first
    details = "".join(shrink(escape_markdown(text)) for text in row_lines(first))
    for versions, cnis in group.by_versions().items():
        names = escape_markdown(", ".join(cnis))
        yield f"| {f'**{names}**' if first.chosen else names} | {versions} | {escape_markdown(verdict_text(first))}{details} |"
        details = ""  # said once for all versions that are alike
