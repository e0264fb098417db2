"""Each question on random manifests against its definition read off every completion of them."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.prove import cluster_worlds as worlds
from tests.prove.cluster_worlds import Placed, Values
from tests.worlds import graph, one

from kubeqed.model.kinds.ingress import Ingress, ServiceBackend
from kubeqed.model.kinds.object import NAMESPACE_NOT_SET
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.statefulset import StatefulSet
from kubeqed.model.units.unseen import UnseenObject
from kubeqed.parse import Term, Variable
from kubeqed.prove.engine.answer import Answer, Verdict
from kubeqed.prove.engine.formula import Fact, unknown_in
from kubeqed.prove.questions.backend import BackendPortResolves, BackendServiceExists
from kubeqed.prove.questions.governing_service import (
    GoverningServiceExists,
    GoverningServiceHeadless,
    GoverningServiceSelectsPods,
)
from kubeqed.prove.questions.question import Question
from kubeqed.prove.questions.service_selects import ServiceSelectsPods
from kubeqed.resolve import Resolver

few = settings(max_examples=40)
Ask = Callable[[Resolver], Question[Answer]]
Definition = Callable[[list[worlds.Document], bool], bool]


def _compare(world: Placed, closed: bool, ask: Ask, definition: Definition, *, names: bool = True) -> None:
    within = graph(world.text, closed=closed)
    answer = ask(within).answer(within)
    table = worlds.table(world, closed, definition)
    seen = {holds for _, holds in table}
    expected = Verdict.DEPENDS if len(seen) == 2 else Verdict.HOLDS if True in seen else Verdict.FAILS
    assert answer.verdict is expected, world.text
    if names:
        assert {_name(fact) for fact in answer.unknowns} == (_matter(table) if expected is Verdict.DEPENDS else set())


def _name(fact: Fact) -> str:
    unknown = unknown_in(fact)
    term: Term = unknown.term
    if isinstance(unknown, UnseenObject):
        return worlds.ELSEWHERE
    if unknown.same_as(NAMESPACE_NOT_SET):
        return worlds.NAMESPACE
    assert isinstance(term, Variable)
    return f"${{{term.name}}}"


def _matter(table: list[tuple[Values, bool]]) -> set[str]:
    found = set()
    for name in table[0][0]:
        rest: dict[tuple[object, ...], set[bool]] = {}
        for completion, holds in table:
            rest.setdefault(tuple(value for key, value in completion.items() if key != name), set()).add(holds)
        if any(len(answers) == 2 for answers in rest.values()):
            found.add(name)
    return found


def _with_services(first: st.SearchStrategy[worlds.Document]) -> st.SearchStrategy[Placed]:
    return st.builds(lambda item, rest: Placed([item, *rest]), first, st.lists(worlds.services, max_size=2))


@few
@given(_with_services(worlds.ingresses), st.booleans())
def test_backend_service_exists(world: Placed, closed: bool) -> None:
    _compare(world, closed, lambda within: BackendServiceExists(*_backend(within)), worlds.backend_service_exists)


@few
@given(_with_services(worlds.ingresses), st.booleans())
def test_backend_port_resolves(world: Placed, closed: bool) -> None:
    alone = len(world.documents) == 2  # of several Services one is at fault, and only its unknowns are named
    ask: Ask = lambda within: BackendPortResolves(*_backend(within))  # noqa: E731  # as in the other tests
    _compare(world, closed, ask, worlds.backend_port_resolves, names=alone)


@few
@given(_with_services(worlds.statefulsets), st.booleans())
def test_governing_service_exists(world: Placed, closed: bool) -> None:
    ask: Ask = lambda within: GoverningServiceExists(one(within, StatefulSet))  # noqa: E731
    _compare(world, closed, ask, worlds.governing_service_exists)


@few
@given(_with_services(worlds.statefulsets), st.booleans())
def test_governing_service_headless(world: Placed, closed: bool) -> None:
    ask: Ask = lambda within: GoverningServiceHeadless(one(within, StatefulSet))  # noqa: E731
    _compare(world, closed, ask, worlds.governing_service_headless, names=len(world.documents) == 2)


@few
@given(_with_services(worlds.statefulsets), st.booleans())
def test_governing_service_selects_pods(world: Placed, closed: bool) -> None:
    ask: Ask = lambda within: GoverningServiceSelectsPods(one(within, StatefulSet))  # noqa: E731
    _compare(world, closed, ask, worlds.governing_service_selects_pods, names=len(world.documents) == 2)


@few
@given(
    st.builds(lambda item, rest: Placed([item, *rest]), worlds.services, st.lists(worlds.deployments, max_size=2)),
    st.booleans(),
)
def test_service_selects_pods(world: Placed, closed: bool) -> None:
    ask: Ask = lambda within: ServiceSelectsPods(one(within, Service))  # noqa: E731
    _compare(world, closed, ask, worlds.service_selects_pods)


def _backend(within: Resolver) -> tuple[Ingress, ServiceBackend]:
    ingress = one(within, Ingress)
    (backend,) = ingress.backends()
    return ingress, backend
