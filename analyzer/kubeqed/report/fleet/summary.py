"""A fleet in words: what ended how, which rules and which members are worst, and what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kubeqed.report.fleet.changes import FleetChanges, MemberChange
from kubeqed.report.fleet.result import Outcome
from kubeqed.report.fleet.tally import SEVERITIES, MemberTally
from kubeqed.report.words import count_text, escape_text

MOST_ROWS = 20
_INDENT = "    "
_WORDS = {
    Outcome.CLEAN: "clean",
    Outcome.FINDINGS: "with findings",
    Outcome.INCOMPLETE: "incomplete",
    Outcome.FAILED: "failed",
    Outcome.UNREADABLE: "unreadable",
    Outcome.TIMED_OUT: "timed out",
    Outcome.OUT_OF_MEMORY: "out of memory",
    Outcome.KILLED: "killed",
}
_HEADS = tuple(name.upper() for name in SEVERITIES)


def fleet_text(run: str, tallies: Sequence[MemberTally], changes: FleetChanges | None = None, since: str = "") -> str:
    """The summary; `since` names the lines of the last run."""
    lines = [
        _count_outcomes(run, tallies),
        *_list_failures(tallies),
        *_list_rules(tallies),
        *_list_members(tallies),
        *(_list_changes(changes, since) if changes is not None else ()),
    ]
    return "".join(f"{escape_text(line)}\n" for line in lines)


def _count_outcomes(run: str, tallies: Sequence[MemberTally]) -> str:
    counts = Counter(one.outcome for one in tallies)
    said = ", ".join(f"{counts[outcome]:,} {word}" for outcome, word in _WORDS.items() if counts[outcome])
    return f"kubeqed: {run} of {count_text(len(tallies), 'member')}: {said}"


def _list_failures(tallies: Iterable[MemberTally]) -> Iterator[str]:
    failed = sorted((one for one in tallies if one.outcome.is_failure), key=lambda one: one.member)
    if failed:
        yield "= not all is known of:"
    yield from _cut_rows([f"{one.member}: {_tell_outcome(one)}" for one in failed])


def _tell_outcome(one: MemberTally) -> str:
    return f"{_WORDS[one.outcome]}: {one.reason}" if one.reason else _WORDS[one.outcome]


def _list_rules(tallies: Sequence[MemberTally]) -> Iterator[str]:
    """A row for each rule: what most of the gravest findings are of comes first."""
    found: dict[str, Counter[str]] = {}
    members = Counter[str]()
    for tally in tallies:
        members.update({one.rule for one in tally.findings})
        for one, number in tally.findings.items():
            found.setdefault(one.rule, Counter())[one.severity] += number
    rows = sorted((tuple(-counts[name] for name in SEVERITIES), rule) for rule, counts in found.items())
    if rows:
        yield "= by rule, worst first:"
        cells = [(*(f"{-count:,}" for count in counts), f"{members[rule]:,}", rule) for counts, rule in rows]
        yield from _align_rows((*_HEADS, "MEMBERS", "RULE"), cells)


def _list_members(tallies: Sequence[MemberTally]) -> Iterator[str]:
    """A row for each member with findings, worst first."""
    rows = sorted((tuple(-one.count(name) for name in SEVERITIES), one.member) for one in tallies if one.findings)
    if rows:
        yield "= by member, worst first:"
        cells = [(*(f"{-count:,}" for count in counts), member) for counts, member in rows]
        yield from _align_rows((*_HEADS, "MEMBER"), cells[:MOST_ROWS])
        yield from _tell_more(len(cells))


def _list_changes(changes: FleetChanges, since: str) -> Iterator[str]:
    new, gone = changes.new, changes.gone
    said = [f"{count_text(new.total(), 'new finding')}, {gone.total():,} gone"]
    said += [f"{count_text(len(changes.added), 'new member')}"] if changes.added else []
    said += [f"{count_text(len(changes.removed), 'member')} no longer listed"] if changes.removed else []
    yield f"= since {since}: {'; '.join(said)}"
    for mark, found in (("+", new), ("-", gone)):
        by_rule = Counter[str]()
        for one, number in found.items():
            by_rule[one.rule] += number
        yield from (f"{_INDENT}{mark} {number:,} {rule}" for rule, number in sorted(by_rule.items()))
    changed = sorted(changes.changed, key=lambda one: (-one.new.total(), -one.gone.total(), one.now.member))
    yield from _cut_rows([f"{one.now.member}: {_tell_change(one)}" for one in changed])
    yield from _cut_rows([f"{name}: new" for name in changes.added])
    yield from _cut_rows([f"{name}: no longer listed" for name in changes.removed])


def _tell_change(one: MemberChange) -> str:
    said = [f"was {one.was.member}"] if one.was.member != one.now.member else []
    if one.was.outcome != one.now.outcome:
        said.append(f"{_tell_outcome(one.now)}, was {_WORDS[one.was.outcome]}")
    if one.new or one.gone:
        said.append(f"{one.new.total():,} new, {one.gone.total():,} gone")
    return "; ".join(said) or "another answer"


def _cut_rows(rows: Sequence[str]) -> Iterator[str]:
    yield from (f"{_INDENT}{row}" for row in rows[:MOST_ROWS])
    yield from _tell_more(len(rows))


def _tell_more(count: int) -> Iterator[str]:
    if count > MOST_ROWS:
        yield f"{_INDENT}and {count - MOST_ROWS:,} more, which the lines have"


def _align_rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table: numbers to the right, the name at the end."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head) - 1)]
    for row in (head, *rows):
        yield _INDENT + "  ".join((*(cell.rjust(width) for cell, width in zip(row, widths, strict=False)), row[-1]))
