"""Whether two sets of policies are equivalent, for people: a line for each unit, and a packet that tells them apart."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.prove.packets.compare import ComparedUnits, Equivalence
from kubeqed.report.prove.words import deciding_line, doubt_lines, packet_text
from kubeqed.report.report import Options
from kubeqed.report.words import escape_text, make_encodable


def render(found: ComparedUnits, _options: Options) -> str:
    """The verdicts in the order of the units."""
    lines = (line for name, one in found.units for line in _render_unit(name, one, named=len(found.units) > 1))
    return make_encodable("".join(f"{line}\n" for line in lines))


def _render_unit(name: str, one: Equivalence, *, named: bool) -> Iterator[str]:
    where = f"{escape_text(name)}: " if named else ""
    if one.equivalent is None:
        yield f"{where}gave-up: the budget was spent before an answer was found"
    elif one.equivalent:
        yield f"{where}equivalent: the policies decide the same for every pod, port and address"
    else:
        yield f"{where}different: {_describe_change(one)}"
    yield from (f"  {line}" for line in doubt_lines(one.doubts))
    if one.witness is not None:
        yield f"  {packet_text(one.witness)}"
        yield from (f"  before: {deciding_line(rule)}" for rule in one.before)
        yield from (f"  after: {deciding_line(rule)}" for rule in one.after)


def _describe_change(one: Equivalence) -> str:
    what = (
        "more and less is allowed"
        if one.gained and one.lost
        else "more is allowed"
        if one.gained
        else "less is allowed"
    )
    return what + ("" if one.present else ", only to pods that no manifest shows")
