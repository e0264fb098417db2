"""Certainty from verdict, in one place."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.diagnostic import Certainty, ObjectKey
from kubeqed.late_pattern import compile_late
from kubeqed.model.kinds.object import NAMESPACE_NOT_SET
from kubeqed.model.units.input import Input
from kubeqed.model.units.partial import is_applied_by_test, is_excerpt, is_test_data
from kubeqed.model.units.unit import Unit
from kubeqed.model.units.unseen import UnseenObject
from kubeqed.parse import Fresh, Place, Unknown
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.engine.answer import Answer, Verdict
from kubeqed.prove.engine.formula import Fact
from kubeqed.rule.finding import Finding
from kubeqed.rule.meta import Meta, WhenUnseen

_FROM_SUREST = list(Certainty)
_PLACEHOLDER = compile_late(r"[{$<]")
_GIVEN_TO_ALL = ("metadata.namespace", "metadata.name")


def certainty_of(finding: Finding, meta: Meta) -> Certainty:
    """How sure a finding is: what its answer says, lowered to what the rule allows."""
    reached = meta.certainty if finding.answer is None else _from_answer(finding.answer, meta)
    return reached if finding.at_most is None else choose_milder(reached, finding.at_most)


def soften_where_changed(finding: Finding, unit: Unit) -> Finding:
    """The finding, or a mere possibility when a kustomization of the unit may change what it rests on.

    Where the rule asked nothing, the whole object was judged, so that what stands beside a field counts too.
    """
    places = list(_rests_on(finding)) if unit.changes else []
    for change in unit.changes:
        for place, key in places:
            if change.concerns(key) and change.reaches(place.path, beside=finding.answer is None):
                return finding._replace(
                    at_most=choose_milder(finding.at_most or Certainty.POSSIBLE, Certainty.POSSIBLE),
                    message=f"{finding.message}, unless {change.by} changes it",
                )
    return finding


def soften_test_data(finding: Finding, whole: Input) -> Finding:
    """The finding, or a mere possibility where it stands in test data, or in excerpts for readers: much there is wrong on purpose.

    What a test applies reaches a server, but beside that test's objects alone.
    """
    file = finding.at.file
    of_test = is_test_data(file, whole) or (finding.answer is not None and is_applied_by_test(file, whole))
    if not of_test and not is_excerpt(file, whole):
        return finding
    return finding._replace(
        at_most=choose_milder(finding.at_most or Certainty.POSSIBLE, Certainty.POSSIBLE),
        message=f"{finding.message}, unless only {'tests' if of_test else 'people'} read it",
    )


def _rests_on(finding: Finding) -> Iterator[tuple[Place, ObjectKey]]:
    """The fields of objects that make the finding. A namespace or a name counts where it is shown as a wrong one.

    A kustomization gives all its objects the same namespace, and renames what refers to them with them, so that two which
    agree will agree.
    """
    shown = [finding.at, *(place for place, _ in finding.related)]
    facts = [fact.place for fact in finding.answer.facts] if finding.answer is not None else []
    for place in (*shown, *facts):
        counts = place in shown or (isinstance(place, Place) and place.path not in _GIVEN_TO_ALL)
        if counts and isinstance(place, Place) and place.object is not None:
            yield place, place.object


def depends_on(answer: Answer | None) -> str:
    """The unknowns of an answer as the end of a message, empty when it depends on none."""
    if answer is None or answer.verdict is not Verdict.DEPENDS:
        return ""
    return f" (depends on {', '.join(dict.fromkeys(map(name_unknown, answer.unknowns)))})"


def name_unknown(fact: Fact) -> str:
    """An unknown as a message names it: the placeholder, the field that is not set, or what is outside the input."""
    value = fact.value
    if value is NAMESPACE_NOT_SET and fact.place:
        return f"the namespace that {fact.place.object} does not set"
    if not isinstance(value, Unknown):
        return fact.text
    if isinstance(value.term, Fresh) and value.mark is not None and not _PLACEHOLDER.search(value.text):
        return f"the template around {value.text or 'an empty value'}"  # a value in a block that may not be rendered
    return value.text


def describe_unknown(fact: Fact) -> str:
    """An unknown in a sentence of its own."""
    return f"{name_unknown(fact)} may exist" if isinstance(fact.value, UnseenObject) else fact.text


def _from_answer(answer: Answer, meta: Meta) -> Certainty:
    if answer.verdict is Verdict.FAILS:
        return meta.certainty
    if not answer.unknowns or not all(isinstance(fact.value, UnseenObject) for fact in answer.unknowns):
        return Certainty.POSSIBLE
    named = isinstance(answer, MissingAnswer) and answer.is_likely_a_mistake
    likely = meta.when_unseen is WhenUnseen.LIKELY or (meta.when_unseen is WhenUnseen.LIKELY_WITH_CANDIDATE and named)
    return choose_milder(meta.certainty, Certainty.LIKELY if likely else Certainty.POSSIBLE)


def choose_milder(one: Certainty, other: Certainty) -> Certainty:
    """The less sure of two."""
    return max(one, other, key=_FROM_SUREST.index)
