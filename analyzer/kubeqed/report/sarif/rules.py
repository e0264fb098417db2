"""The rules that ran, as GitHub shows them beside an alert."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sarif_om import MultiformatMessageString, ReportingConfiguration, ReportingDescriptor

from kubeqed.diagnostic import Certainty, Severity
from kubeqed.report.catalogue import rule_page

if TYPE_CHECKING:
    from kubeqed.report.report import RuleDescription

PRECISION = {
    Certainty.REJECTED: "very-high",
    Certainty.PROVED: "very-high",
    Certainty.LIKELY: "high",
    Certainty.POSSIBLE: "medium",
    Certainty.POSTURE: "low",
}
PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
SECURITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.5", Severity.NOTE: "3.5"}  # high, medium, low


def build_descriptor(rule: RuleDescription) -> ReportingDescriptor:
    """One rule."""
    return ReportingDescriptor(
        id=rule.id,
        name=pascal_case(rule.id),
        short_description=MultiformatMessageString(text=_make_sentence(rule.summary)),
        full_description=MultiformatMessageString(text=_first_paragraph(rule)),
        help=MultiformatMessageString(text=_make_help(rule, "{}"), markdown=_make_help(rule, "<{}>")),
        help_uri=rule.page or rule_page(rule.id),
        default_configuration=ReportingConfiguration(level=rule.certainty.severity.value),
        properties=_make_properties(rule),
    )


def pascal_case(rule_id: str) -> str:
    """`backend-port-missing` as `BackendPortMissing`."""
    return "".join(word.capitalize() for word in rule_id.split("-"))


def _make_properties(rule: RuleDescription) -> dict[str, Any]:
    severity = rule.certainty.severity
    properties: dict[str, Any] = {
        "tags": sorted({"kubernetes", "networking", rule.kind} | ({"security"} if rule.exposure else set())),
        "precision": PRECISION[rule.certainty],
        "problem.severity": PROBLEM[severity],
        "since": rule.since,
    }
    if rule.exposure:
        properties["security-severity"] = SECURITY[severity]
    return properties


def _first_paragraph(rule: RuleDescription) -> str:
    return " ".join((rule.help.strip() or _make_sentence(rule.summary)).split("\n\n")[0].split())


def _make_help(rule: RuleDescription, link: str) -> str:
    """The docstring and where to read on."""
    references = [f"- {link.format(reference)}" for reference in rule.references]
    text = rule.help.strip() or _make_sentence(rule.summary)
    return "\n\n".join([text, *(["\n".join(references)] if references else [])])


def _make_sentence(text: str) -> str:
    """With a capital letter and a full stop, as viewers expect."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
