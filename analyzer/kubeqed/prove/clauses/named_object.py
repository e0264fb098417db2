"""Whether the object that a reference names exists, and the formula for being the object named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from kubeqed.model.kinds.object import Object, ObjectReference
from kubeqed.model.values.match import Match, same_value
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.engine.answer import Verdict
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import elsewhere_unknown, make_fact, same_namespace
from kubeqed.prove.engine.formula import And, Equal, Fact, Formula, Holds, Or
from kubeqed.resolve import Resolver
from kubeqed.resolve.missing.name import explain_missing_name

T = TypeVar("T")
_MOST = 4


def find_named(graph: Resolver, reference: ObjectReference) -> MissingAnswer:
    """Whether the object that a reference names exists in the unit, or outside it."""
    found = has_enough(graph.named(reference.target, reference.namespace, reference.name))
    formula = Or(
        (
            *(is_named(reference, item) for item in found),
            Holds(_no_other(graph, reference)),
            Holds(elsewhere_unknown(graph.unit, f"{_name_with_article(reference)} outside the manifests read")),
        )
    )
    decision = decide(formula)
    if found or decision.verdict is Verdict.HOLDS:
        return MissingAnswer(decision)
    return MissingAnswer(decision, explain_missing_name(graph, reference))


def has_enough(found: Iterable[tuple[T, Match]]) -> list[T]:
    """A few of those that surely match, and a few of those that may: more would change no verdict."""
    kept: list[T] = []
    left = {Match.YES: _MOST, Match.UNDECIDED: _MOST}
    for item, match in found:
        if left[match]:
            kept.append(item)
            left[match] -= 1
    return kept


def candidates(graph: Resolver, reference: ObjectReference) -> list[tuple[Object, bool]]:
    """What a reference may name, each with whether it surely does; those that do come first."""
    found = graph.named(reference.target, reference.namespace, reference.name)
    return sorted(((item, match is Match.YES) for item, match in found), key=lambda pair: not pair[1])


def is_named(reference: ObjectReference, item: Object) -> Formula:
    """That an object has the name and the namespace of a reference."""
    name = make_fact(reference.source, reference.path, reference.name)
    return And((Equal(name, make_fact(item, "metadata.name", item.name)), _is_there(reference, item)))


def _is_there(reference: ObjectReference, item: Object) -> Formula:
    """That an object is in the namespace of a reference: the one that stands beside the name, else that of its source."""
    source = reference.source
    if same_value(reference.namespace, source.namespace) is Match.YES:
        return same_namespace(source, item)
    path = f"{reference.path.rpartition('.')[0]}.namespace"
    named = make_fact(source, path, reference.namespace)
    return Equal(named, make_fact(item, "metadata.namespace", item.namespace))


def describe_reference(reference: ObjectReference) -> str:
    """The object that a reference names, in words."""
    namespace = f"{reference.namespace}/" if isinstance(reference.namespace, str) else ""
    name = reference.name if isinstance(reference.name, str) else reference.name.text
    return f"{reference.target[1]} {namespace}{name}"


def _name_with_article(reference: ObjectReference) -> str:
    """The object that a reference names, in words, with its article."""
    words = describe_reference(reference)
    return f"{'an' if words[0] in 'AEIO' else 'a'} {words}"


def _no_other(graph: Resolver, reference: ObjectReference) -> Fact:
    """That the unit holds no object of the name besides those that the formula speaks of."""
    return Fact(
        False,
        f"the unit {graph.unit.root} holds no {describe_reference(reference)}",
        reference.source.at(reference.path),
    )
