"""Certainty from verdict: each row of the design."""

from __future__ import annotations

import itertools

import pytest
from tests.worlds import manifest

from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.object import NAMESPACE_NOT_SET
from kubeqed.model.units.unseen import UnseenObject
from kubeqed.parse import Fresh, Place, Unknown, Variable
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.engine.answer import Answer, Decision, Verdict
from kubeqed.prove.engine.formula import Fact
from kubeqed.resolve.missing.reference import Candidate, MissingReference
from kubeqed.rule.certainty import certainty_of, depends_on
from kubeqed.rule.finding import Finding
from kubeqed.rule.meta import Meta, WhenUnseen

AT = Place("x.yaml", 0, 0)
UNSEEN = Fact(UnseenObject("a Service"), "no other", None)
TEMPLATED = Fact(Unknown(Variable("PORT"), "${PORT}"), "Service a spec.ports[0].port is ${PORT}", AT)
(OBJECT,) = manifest("{apiVersion: v1, kind: Service, metadata: {name: a}}").objects
NO_NAMESPACE = Fact(NAMESPACE_NOT_SET, "Service a metadata.namespace is not set", OBJECT.at("metadata.namespace"))
NAMED = Candidate(OBJECT, "metadata.name", "it differs only by a slip")


def meta(certainty: Certainty = Certainty.PROVED, when_unseen: WhenUnseen = WhenUnseen.POSSIBLE) -> Meta:
    return Meta("what is wrong", certainty, "0.1", (), when_unseen)


def depends(*unknowns: Fact, candidate: Candidate | None = None, excused: bool = False) -> MissingAnswer:
    decision = Decision(Verdict.DEPENDS, unknowns=unknowns)
    return MissingAnswer(decision, MissingReference(candidate, (), excused))


def reached(answer: Answer | None, of: Meta, at_most: Certainty | None = None) -> Certainty:
    return certainty_of(Finding(AT, "it is wrong", answer, at_most), of)


@pytest.mark.parametrize("certainty", Certainty)
@pytest.mark.parametrize("when_unseen", WhenUnseen)
def test_what_fails_or_has_no_question_is_as_sure_as_the_rule(certainty: Certainty, when_unseen: WhenUnseen) -> None:
    assert reached(Answer(Decision(Verdict.FAILS)), meta(certainty, when_unseen)) is certainty
    assert reached(None, meta(certainty, when_unseen)) is certainty


@pytest.mark.parametrize(
    ("when_unseen", "answer", "expected"),
    [
        (WhenUnseen.LIKELY_WITH_CANDIDATE, depends(UNSEEN, candidate=NAMED), Certainty.LIKELY),
        (WhenUnseen.LIKELY_WITH_CANDIDATE, depends(UNSEEN, candidate=NAMED, excused=True), Certainty.POSSIBLE),
        (WhenUnseen.LIKELY_WITH_CANDIDATE, depends(UNSEEN), Certainty.POSSIBLE),
        (WhenUnseen.LIKELY_WITH_CANDIDATE, depends(UNSEEN, TEMPLATED, candidate=NAMED), Certainty.POSSIBLE),
        (WhenUnseen.LIKELY_WITH_CANDIDATE, depends(NO_NAMESPACE, candidate=NAMED), Certainty.POSSIBLE),
        (WhenUnseen.LIKELY_WITH_CANDIDATE, depends(candidate=NAMED), Certainty.POSSIBLE),
        (WhenUnseen.LIKELY_WITH_CANDIDATE, Answer(Decision(Verdict.DEPENDS, unknowns=(UNSEEN,))), Certainty.POSSIBLE),
        (WhenUnseen.LIKELY, Answer(Decision(Verdict.DEPENDS, unknowns=(UNSEEN,))), Certainty.LIKELY),
        (WhenUnseen.LIKELY, Answer(Decision(Verdict.DEPENDS, unknowns=(UNSEEN, TEMPLATED))), Certainty.POSSIBLE),
        (WhenUnseen.POSSIBLE, depends(UNSEEN, candidate=NAMED), Certainty.POSSIBLE),
        (WhenUnseen.POSSIBLE, depends(TEMPLATED), Certainty.POSSIBLE),
    ],
)
def test_what_depends(when_unseen: WhenUnseen, answer: Answer, expected: Certainty) -> None:
    assert reached(answer, meta(when_unseen=when_unseen)) is expected
    assert reached(answer, meta(Certainty.REJECTED, when_unseen)) is expected


def test_a_dependent_finding_is_never_surer_than_the_rule() -> None:
    answer = depends(UNSEEN, candidate=NAMED)
    assert reached(answer, meta(Certainty.POSSIBLE, WhenUnseen.LIKELY_WITH_CANDIDATE)) is Certainty.POSSIBLE
    assert reached(answer, meta(Certainty.POSTURE, WhenUnseen.LIKELY_WITH_CANDIDATE)) is Certainty.POSTURE


@pytest.mark.parametrize(("certainty", "at_most"), list(itertools.product(Certainty, Certainty)))
def test_at_most_lowers_and_never_raises(certainty: Certainty, at_most: Certainty) -> None:
    order = list(Certainty)
    lowered = reached(Answer(Decision(Verdict.FAILS)), meta(certainty), at_most)
    assert order.index(lowered) == max(order.index(certainty), order.index(at_most))


def test_a_message_ends_in_what_it_depends_on() -> None:
    assert depends_on(None) == ""
    assert depends_on(Answer(Decision(Verdict.FAILS))) == ""
    twice = Fact(Unknown(Variable("OTHER"), "${PORT}"), "another place of the text", AT)
    said = depends_on(depends(NO_NAMESPACE, TEMPLATED, twice, UNSEEN))
    assert said.startswith(" (depends on the namespace that Service a does not set, ${PORT}, ")
    assert said.count("${PORT}") == 1
    assert "a Service" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("b", "the template around b"),
        ("", "the template around an empty value"),
        ("{{ x }}", "{{ x }}"),
        ("<X>", "<X>"),
    ],
)
def test_a_value_in_a_block_is_not_named_as_if_it_were_known(text: str, said: str) -> None:
    fact = Fact(Unknown(Fresh(text), text, 0), "Service a spec.ports[0].port is ...", AT)
    assert depends_on(depends(fact)) == f" (depends on {said})"
