"""The difference as SARIF: a result for each change, at the line of the policy that caused it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from kubeqed import __version__
from kubeqed.diagnostic import Certainty, Diagnostic, Related, Severity, Span
from kubeqed.graph.reach.causes import Cause
from kubeqed.report import Options, Report, RuleDescription, Summary, renderer
from kubeqed.report.reach.diff.difference import Difference, Entry
from kubeqed.report.reach.diff.text import ports_text
from kubeqed.report.reach.words import group_text
from kubeqed.report.words import plain

PathOf = Callable[[str], str]

_SEVERITY = {"added": Severity.WARNING, "changed": Severity.WARNING, "removed": Severity.NOTE}
_SENTENCES = {
    "added": "a connection that was not possible before is possible",
    "changed": "a connection is possible on other ports than before",
    "removed": "a connection that was possible before is not possible any more",
}


def render(difference: Difference, options: Options, path_of: PathOf = str) -> str:
    """A SARIF log of a category of its own, so that it replaces no findings; also when nothing changed.

    `path_of` tells where a file of a revision lies in the working tree.
    """
    findings = tuple(_finding(entry, path_of) for entry in difference.entries)
    levels = Counter(finding.severity.value for finding in findings)
    summary = Summary(0, 0, 0, levels["error"], levels["warning"], levels["note"])
    rules = {finding.rule: _rule(finding.rule) for finding in findings}
    report = Report(findings, (), (), summary, (), rules, __version__)
    return renderer("sarif")(report, options._replace(category="diff"))


def _finding(entry: Entry, path_of: PathOf) -> Diagnostic:
    kind = entry.change.kind.value
    pair = f"{group_text(entry.sources)} to {group_text(entry.destinations)}"
    item, path = entry.anchor.object, entry.anchor.path
    related = tuple(
        Related(_placed(cause, path_of), cause.text, cause.object.key)
        for cause in entry.causes
        if cause is not entry.anchor
    )
    return Diagnostic(
        rule=f"connection-{kind}",
        certainty=Certainty.PROVED,
        severity=_SEVERITY[kind],
        message=plain(f"connection {kind}: {pair} : {ports_text(entry)}"),
        span=_placed(entry.anchor, path_of),
        related=related,
        object=item.key,
        path=path,
        fingerprint=f"connection-{kind} {pair}",
    )


def _placed(cause: Cause, path_of: PathOf) -> Span:
    span = cause.object.at(cause.path).span
    return span._replace(file=path_of(span.file))


def _rule(name: str) -> RuleDescription:
    sentence = _SENTENCES[name.removeprefix("connection-")]
    return RuleDescription(name, "networkpolicy", sentence, f"{sentence.capitalize()}.", Certainty.LIKELY, "0.1")
