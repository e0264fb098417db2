"""The difference as SARIF: a result for each change, at the line of the policy that caused it."""

from __future__ import annotations

from collections import Counter

from kubeqed import __version__
from kubeqed.diagnostic import Certainty, Diagnostic, Related, Severity, Span
from kubeqed.report import Options, Report, RuleDescription, Summary, renderer
from kubeqed.report.reach.diff.difference import Difference, Entry
from kubeqed.report.reach.diff.text import ports_text
from kubeqed.report.reach.words import group_text
from kubeqed.report.words import plain

_SEVERITY = {"added": Severity.WARNING, "changed": Severity.WARNING, "removed": Severity.NOTE}
_SENTENCES = {
    "added": "a connection that was not possible before is possible",
    "changed": "a connection is possible on other ports than before",
    "removed": "a connection that was possible before is not possible any more",
}


def render(difference: Difference, options: Options) -> str:
    """A SARIF log of a category of its own, so that it replaces no findings; also when nothing changed."""
    findings = tuple(_finding(entry) for entry in difference.entries)
    levels = Counter(finding.severity.value for finding in findings)
    summary = Summary(0, 0, 0, levels["error"], levels["warning"], levels["note"])
    rules = {finding.rule: _rule(finding.rule) for finding in findings}
    report = Report(findings, (), (), summary, (), rules, __version__)
    return renderer("sarif")(report, options._replace(category="diff"))


def _finding(entry: Entry) -> Diagnostic:
    kind = entry.change.kind.value
    pair = f"{group_text(entry.sources)} to {group_text(entry.destinations)}"
    places = [(cause.object.at(cause.path).span, cause) for cause in entry.causes]
    first = next((place for place in places if place[1].is_new), places[0] if places else None)
    related = tuple(
        Related(span, cause.text, cause.object.key) for span, cause in places if first and cause is not first[1]
    )
    return Diagnostic(
        rule=f"connection-{kind}",
        certainty=Certainty.PROVED,
        severity=_SEVERITY[kind],
        message=plain(f"connection {kind}: {pair} : {ports_text(entry)}"),
        span=first[0] if first else Span("", 1, 1, 1, 1),
        related=related,
        object=first[1].object.key if first else None,
        path=first[1].path if first else "",
        fingerprint=f"connection-{kind} {pair}",
    )


def _rule(name: str) -> RuleDescription:
    sentence = _SENTENCES[name.removeprefix("connection-")]
    return RuleDescription(name, "networkpolicy", sentence, f"{sentence.capitalize()}.", Certainty.LIKELY, "0.1")
