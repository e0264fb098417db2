"""A table for each unit: the CNIs, their versions and a verdict, and below it the lines that they lose."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from kubeqed.report.cni.listing import CniGroup, CniListing, UnitCnis, group_alike
from kubeqed.report.cni.words import row_lines, verdict_text
from kubeqed.report.report import Options
from kubeqed.report.unit_names import unit_text
from kubeqed.report.words import count_text, escape_text

_NARROWEST = 60
_VERSIONS = 22  # `1.10.0 to before 2.4.0`
_INDENT = "    "


def render(listing: CniListing, options: Options) -> str:
    """The tables, with an empty line between them."""
    width = max(options.width, _NARROWEST)
    return "\n".join("".join(f"{line}\n" for line in _render_unit(one, width)) for one in listing.units)


def _render_unit(one: UnitCnis, width: int) -> Iterator[str]:
    yield escape_text(
        f"{unit_text(one.unit)}: {count_text(len(one.table.policies), 'policy').replace('policys', 'policies')}"
    )
    names = (width - _VERSIONS) // 2
    yield f"{'CNI':{names}} {'VERSIONS':{_VERSIONS}} POLICIES"
    for group in group_alike(one.table):
        yield from _render_group(group, names, width)


def _render_group(group: CniGroup, names: int, width: int) -> Iterator[str]:
    first, verdict = group.first, verdict_text(group.first)
    mark = f" ({'stated' if first.chosen.stated else 'installed'})" if first.chosen else ""
    for versions, cnis in group.by_versions().items():
        head, *more = textwrap.wrap(f"{', '.join(cnis)}{mark}", names, break_on_hyphens=False)
        yield f"{head:{names}} {versions:{_VERSIONS}} {verdict}"
        yield from (f"  {line}" for line in more)
    for text in row_lines(first):
        yield from textwrap.wrap(
            text,
            width,
            initial_indent=_INDENT,
            subsequent_indent=_INDENT * 2,
            break_long_words=False,
            break_on_hyphens=False,
        )
