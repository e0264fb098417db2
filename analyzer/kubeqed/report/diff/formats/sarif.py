"""The difference as SARIF: a result for each change, at the line of the policy that caused it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from kubeqed import __version__
from kubeqed.diagnostic import Certainty, Diagnostic, Notice, NoticeKind, Related, Severity, Span
from kubeqed.reach import PolicyDoubt
from kubeqed.reach.differences import Cause, DiffEntry, Difference, UncomparedObject
from kubeqed.report import CheckResult, Options, RuleDescription, Summary, renderer
from kubeqed.report.catalogue import difference_page
from kubeqed.report.diff.caveats import note_lines
from kubeqed.report.diff.words import ports_text
from kubeqed.report.reach.caveats import unless_text
from kubeqed.report.reach.words import group_text
from kubeqed.report.words import escape_text

_SET_HERE = "a part of the field is set here, of"

PathOf = Callable[[str], str]

_SEVERITY = {"added": Severity.WARNING, "changed": Severity.WARNING, "removed": Severity.NOTE}
_SENTENCES = {
    "added": "a connection that was not possible before is possible",
    "changed": "a connection is possible on other ports than before",
    "removed": "a connection that was possible before is not possible any more",
    "undecided": "something differs that may open or close connections, and is not compared",
}


def render(difference: Difference, options: Options) -> str:
    """A SARIF log of a category of its own, so that it replaces no findings; also when nothing changed."""
    path_of = options.path_of
    findings = (
        *(_make_finding(entry, path_of, difference) for entry in difference.entries),
        *(_make_undecided(one, path_of) for one in difference.undecided),
    )
    levels = Counter(finding.severity.value for finding in findings)
    summary = Summary(0, 0, 0, levels["error"], levels["warning"], levels["note"])
    rules = {finding.rule: _describe_rule(finding.rule) for finding in findings}
    report = CheckResult(findings, _list_notices(difference, path_of), (), summary, (), rules, __version__)
    return renderer("sarif")(report, options._replace(category="diff"))


def _make_finding(entry: DiffEntry, path_of: PathOf, difference: Difference) -> Diagnostic:
    """A changed connection as a finding at the line that caused it."""
    kind = entry.change.kind.value
    pair = f"{group_text(entry.sources)} to {group_text(entry.destinations)}"
    item, path = entry.anchor.object, entry.anchor.path
    causes = tuple(
        Related(_locate_cause(cause, path_of), cause.text, cause.object.key)
        for cause in entry.causes
        if cause is not entry.anchor
    )
    changed = (
        Related(one.span._replace(file=path_of(one.file)), f"{_SET_HERE} {cause.object}")
        for cause in dict.fromkeys((entry.anchor, *entry.causes))
        for one in cause.object.changed_at(cause.path)
    )
    related = (*causes, *changed)
    return Diagnostic(
        rule=f"connection-{kind}",
        certainty=Certainty.PROVED,
        severity=_SEVERITY[kind],
        message=escape_text(f"connection {kind}: {pair} : {ports_text(entry)}{_unless_text(entry, difference.doubts)}"),
        span=_locate_cause(entry.anchor, path_of),
        related=related,
        object=item.key,
        path=path,
        fingerprint=f"connection-{kind} {pair}",
    )


def _unless_text(entry: DiffEntry, doubts: Iterable[PolicyDoubt]) -> str:
    """`, unless CiliumNetworkPolicy shop/db says otherwise`; of several policies how many there are."""
    sources, destinations = frozenset(entry.sources.workloads), frozenset(entry.destinations.workloads)
    found = [
        doubt.policy
        for doubt in doubts
        if sources.intersection(doubt.egress.workloads) or destinations.intersection(doubt.ingress.workloads)
    ]
    if len(found) > 1:
        return f", unless one of {len(found)} policies of other engines says otherwise"
    return f", {unless_text(found)}" if found else ""


def _list_notices(difference: Difference, path_of: PathOf) -> tuple[Notice, ...]:
    missing = (
        Notice(
            NoticeKind.GAVE_UP,
            one.place.span._replace(file=path_of(one.place.span.file)),
            f"{one.text} may hold or create what is not compared",
        )
        for one in difference.missing
    )
    joins = (Notice(NoticeKind.GUESSED_JOIN, None, text) for text in difference.joins)
    return (*missing, *(Notice(NoticeKind.GAVE_UP, None, text) for text in note_lines(difference)), *joins)


def _make_undecided(one: UncomparedObject, path_of: PathOf) -> Diagnostic:
    """An object whose change was not compared, as a finding."""
    return Diagnostic(
        rule="connection-undecided",
        certainty=Certainty.POSSIBLE,
        severity=Severity.WARNING if one.is_policy else Severity.NOTE,
        message=escape_text(one.text),
        span=_locate_cause(one, path_of),
        object=one.object.key,
        path=one.path,
        fingerprint=f"connection-undecided {one.object}",
    )


def _locate_cause(one: Cause | UncomparedObject, path_of: PathOf) -> Span:
    span = one.object.at(one.path).span
    return span._replace(file=path_of(span.file))


def _describe_rule(name: str) -> RuleDescription:
    """The rule that stands for a kind of change."""
    sentence = _SENTENCES[name.removeprefix("connection-")]
    page = difference_page(name)
    return RuleDescription(
        name, "networkpolicy", sentence, f"{sentence.capitalize()}.", Certainty.LIKELY, "0.1", page=page
    )
