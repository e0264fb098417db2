"""Why a pair is allowed or denied, as a short tree: at most forty lines, however many policies there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kubeqed.diagnostic import more_text
from kubeqed.reach import UnmodelledPolicy
from kubeqed.reach.algebra import ALL, PortSet, difference, format_ports, intersection
from kubeqed.reach.verdicts import (
    CompiledPolicy,
    DirectionTrace,
    Pair,
    PairAnswers,
    PairVerdict,
    PlacementCase,
    PolicyEdit,
    RuleMatch,
    SamePods,
    TargetNote,
    Tier,
    UnmodelledDoubt,
)
from kubeqed.report.edits import edit_lines, object_place
from kubeqed.report.reach.caveats import guess_line, incomplete_lines
from kubeqed.report.reach.words import condition_text, unit_titles
from kubeqed.report.report import Options
from kubeqed.report.why.guesses import bare_notices, verdict_notices
from kubeqed.report.words import escape_text

MOST_POLICIES = 14  # on each side
MOST_DOUBTS = 5
MOST_NAMED = 3
MOST_CASES = 3
MOST_NOTES = 5  # with a verdict, two sides and two edits that makes forty lines

_VERBS = {"Allow": "allows", "Deny": "denies", "Pass": "passes on"}


class TraceLine(NamedTuple):
    """A line of the tree below a side; the more it decides, the lower its rank and the earlier it stands."""

    rank: int
    text: str


def render(found: PairAnswers, _options: Options) -> str:
    """A tree for each unit, under its name where there are several, and the policies of any unit that met no pod."""
    titles = unit_titles([one.unit for one in found.verdicts])
    parts = [
        (f"# {escape_text(title)}\n" if title else "")
        + verdict_tree(one.verdict, one.edits)
        + "".join(f"{line}\n" for line in (*incomplete_lines(one.missing), *map(guess_line, verdict_notices(one))))
        for one, title in zip(found.verdicts, titles, strict=True)
    ]
    return "\n".join(parts) + "".join(f"{guess_line(notice)}\n" for notice in bare_notices(found))


def verdict_tree(decided: PairVerdict, edits: Sequence[PolicyEdit]) -> str:
    """The verdict, both sides with the policies that had a say, and the edit that would change it."""
    pair, found, asked = decided.pair, decided.found, decided.ports
    source, destination = pair.source.text, pair.destination.text
    if decided.same is SamePods.POD:
        return escape_text(f"{source} => itself: allowed; policies do not govern a pod's traffic to itself") + "\n"
    on = "" if asked == ALL else f" on {format_ports(asked)}"
    between = " from one of its pods to another" if decided.same is SamePods.WORKLOAD else ""
    verdict = _depends_text(decided) if decided.depending else _verdict_text(decided.allowed, asked)
    lines = [f"{source} => {destination}{on}: {verdict}{between}{_unless_text(decided.doubts)}"]
    lines += [f"  {_case_text(one)}" for one in decided.depending[:MOST_CASES]]
    lines += ["  each pod to itself: allowed; policies do not govern that"] if between else []
    lines += _render_notes(decided.notes)
    for title, side, end in (
        (f"egress of {source}", found.egress, pair.source),
        (f"ingress of {destination}", found.ingress, pair.destination),
    ):
        doubts = [one.policy for one in decided.doubts if one.direction == side.direction]
        there = f"{title}, from there" if decided.depending else title
        lines += _render_side(there, pair, side, asked, doubts) if end.pods else []
    lines += (f"  {line}" for line in edit_lines(edits))
    return "".join(f"{escape_text(line)}\n" for line in lines)


def _render_notes(notes: Sequence[TargetNote]) -> Iterator[str]:
    shown = notes if len(notes) <= MOST_NOTES else notes[: MOST_NOTES - 1]
    for note in shown:
        yield f"  {note.text}{f'  {object_place(note.object, note.path)}' if note.object else ''}"
    for more in more_text(len(notes) - len(shown), "ways and caveats"):
        yield f"  {more}"


def _depends_text(decided: PairVerdict) -> str:
    sure = f"allowed on {format_ports(decided.allowed)}, on other ports " if decided.allowed else ""
    return f"{sure}it depends on where the controller runs"


def _case_text(one: PlacementCase) -> str:
    return f"allowed on {format_ports(one.ports)} {condition_text(one.condition)}"


def _verdict_text(allowed: PortSet, asked: PortSet) -> str:
    passing = intersection(allowed, asked)
    if not passing:
        return "denied"
    if passing == asked:
        return "allowed" if asked != ALL else "allowed on all ports"
    return f"allowed on {format_ports(passing)}, denied on all other ports"


def _unless_text(doubts: Sequence[UnmodelledDoubt]) -> str:
    """`, unless CiliumNetworkPolicy shop/db says otherwise`; many are only counted, and named below."""
    names = list(dict.fromkeys(f"{one.policy.kind} {one.policy.name}" for one in doubts))
    if len(names) > MOST_NAMED:
        return f", unless one of {len(names)} policies of other engines says otherwise"
    return f", unless {' or '.join(names)} says otherwise" if names else ""


def _list_doubted(policies: Sequence[UnmodelledPolicy]) -> Iterator[TraceLine]:
    """The policies of other engines, of many the first."""
    shown = policies if len(policies) <= MOST_DOUBTS else policies[: MOST_DOUBTS - 1]
    for one in shown:
        span = one.place.span
        yield TraceLine(-1, f"{one.kind} {one.name} may decide otherwise: it is not modelled  {span.file}:{span.line}")
    for more in more_text(len(policies) - len(shown), "policies of other engines may decide otherwise"):
        yield TraceLine(-1, more)


def _render_side(
    title: str, pair: Pair, side: DirectionTrace, asked: PortSet, doubts: Sequence[UnmodelledPolicy]
) -> Iterator[str]:
    """One direction: its verdict, then the policies that decide it."""
    yield f"  {title}: {_verdict_text(side.allowed, asked)}"
    other = pair.destination.text if side.direction == "Egress" else pair.source.text
    lines = sorted([*_list_doubted(doubts), *_list_lines(side, other, asked, bool(doubts))], key=lambda line: line.rank)
    for line in lines[:MOST_POLICIES]:
        yield f"    - {line.text}"
    for more in more_text(len(lines) - MOST_POLICIES, "policies that do not allow it"):
        yield f"    - {more}"


def _list_lines(side: DirectionTrace, other: str, asked: PortSet, doubted: bool) -> Iterator[TraceLine]:
    """The lines below a direction, those that decide most first."""
    for judgement in side.judgements:
        yield from _list_judged(judgement.policy, judgement.hits, side, other, asked)
    closed = difference(asked, side.allowed)
    if side.isolated and closed:
        yield TraceLine(
            8, f"no NetworkPolicy that applies to it allows {_closed_text(closed, asked)}: denied by default"
        )
    elif intersection(side.defaulted, asked):
        yield TraceLine(8, f"{_no_policy(side, doubted)}: allowed by default")


def _no_policy(side: DirectionTrace, doubted: bool) -> str:
    none = "no other policy" if doubted else "no policy"
    return f"{none} decides the rest" if side.judgements else f"{none} applies to its {side.direction.lower()}"


def _closed_text(closed: PortSet, asked: PortSet) -> str:
    return "this" if closed == asked else "the other ports"


def _list_judged(
    policy: CompiledPolicy, hits: Iterable[RuleMatch], side: DirectionTrace, other: str, asked: PortSet
) -> Iterator[TraceLine]:
    """What one policy says: its rules that match, or that none does."""
    hits = list(hits)
    deciding = [hit for hit in hits if intersection(hit.decided, asked)]
    for hit in deciding:
        ports = format_ports(intersection(hit.decided, asked))
        how = f"{_VERBS[hit.rule.action]} {'all ports' if ports == 'All Connections' else ports}"
        yield TraceLine(
            0 if hit.rule.action != "Pass" else 1,
            f"{_rule_text(policy, hit)} {how}  {object_place(policy.object, hit.rule.path)}",
        )
    if deciding or policy.tier is not Tier.NAMESPACE:
        return
    near = next((hit for hit in hits if hit.peer), None)
    where = object_place(policy.object, near.rule.path if near else "spec.podSelector")
    if near is not None:
        yield TraceLine(2, f"{_rule_text(policy, near)} matches {other}, but not these ports  {where}")
        return
    rules = f"no rule matches {other}" if hits else "it has no rules"
    yield TraceLine(4 if hits else 5, f"{policy.object} applies to its {side.direction.lower()}; {rules}  {where}")


def _rule_text(policy: CompiledPolicy, hit: RuleMatch) -> str:
    named = hit.rule.name if not hit.rule.name.startswith("#") else ""
    return f"{policy.object}, {hit.rule.path.removeprefix('spec.')}{f' ({named})' if named else ''},"
