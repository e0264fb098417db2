"""One matcher of label selectors: what is faster than the reference says the same, in a table and on generated selectors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worlds import graph, one

from kubeqed.apiserver import Server, find_violations
from kubeqed.apiserver.reason import Reason
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.label_match import match_condition
from kubeqed.model.unmodelled.condition import condition_of_selector
from kubeqed.model.values.known import is_known
from kubeqed.model.values.match import Match
from kubeqed.parse import Unknown
from kubeqed.prove.clauses.selects import selects_formula
from kubeqed.prove.engine.kleene import evaluate_kleene
from kubeqed.reach.algebra.label_index import LabelSets
from kubeqed.reach.algebra.label_space import LabelSpace
from kubeqed.reach.algebra.terms import are_met, encode_selector
from kubeqed.reach.algebra.tokens import encode
from kubeqed.reach.policy.assumptions import Assumptions
from kubeqed.reach.query.answer import ReachResult
from kubeqed.resolve import Resolver
from kubeqed.resolve.label_index import LabelIndex
from kubeqed.resolve.selection import pod_label

YES, NO, UNDECIDED = Match.YES, Match.NO, Match.UNDECIDED
Selector = Mapping[str, Any]


def matching(**labels: str) -> Selector:
    return {"matchLabels": labels}


def asking(*requirements: tuple[str, str, list[str]]) -> Selector:
    return {"matchExpressions": [{"key": key, "operator": how, "values": some} for key, how, some in requirements]}


TABLE: list[tuple[Selector, dict[str, str], Match]] = [
    (matching(app="web"), {"app": "web"}, YES),
    (matching(app="web"), {"app": "web", "tier": "x"}, YES),
    (matching(app="web"), {"app": "db"}, NO),
    (matching(app="web"), {"tier": "web"}, NO),
    (matching(app="web", tier="x"), {"app": "web"}, NO),
    (matching(app=""), {"app": ""}, YES),
    (matching(app=""), {"tier": "x"}, NO),
    (matching(app="web"), {"app": "${A}"}, UNDECIDED),
    (matching(app="${A}"), {"app": "${A}"}, YES),
    (matching(app="${A}"), {"app": "${B}"}, UNDECIDED),
    (matching(app="${A}"), {"tier": "x"}, NO),
    (matching(app="web", tier="x"), {"app": "${A}", "tier": "y"}, NO),
    (asking(("app", "In", ["web", "db"])), {"app": "db"}, YES),
    (asking(("app", "In", ["web", "db"])), {"app": "x"}, NO),
    (asking(("app", "In", ["web"])), {"tier": "web"}, NO),
    (asking(("app", "In", ["web", "${A}"])), {"app": "web"}, YES),
    (asking(("app", "In", ["web", "${A}"])), {"app": "db"}, UNDECIDED),
    (asking(("app", "NotIn", ["web"])), {"app": "db"}, YES),
    (asking(("app", "NotIn", ["web"])), {"tier": "x"}, YES),
    (asking(("app", "NotIn", ["web", "db"])), {"app": "db"}, NO),
    (asking(("app", "NotIn", ["web"])), {"app": "${A}"}, UNDECIDED),
    (asking(("app", "Exists", [])), {"app": ""}, YES),
    (asking(("app", "Exists", [])), {"tier": "x"}, NO),
    (asking(("app", "DoesNotExist", [])), {"tier": "x"}, YES),
    (asking(("app", "DoesNotExist", [])), {"app": "web"}, NO),
    (asking(("app", "In", ["web"]), ("tier", "Exists", [])), {"app": "web"}, NO),
    (asking(("app", "In", ["web"]), ("tier", "DoesNotExist", [])), {"app": "web"}, YES),
    ({**matching(app="web"), **asking(("app", "NotIn", ["web"]))}, {"app": "web"}, NO),
    ({**matching(app="web"), **asking(("tier", "NotIn", ["x"]))}, {"app": "web", "tier": "y"}, YES),
]

VALUES = ("", "web", "db", "${A}", "${B}")
texts = st.lists(st.sampled_from(VALUES), min_size=1, max_size=3, unique=True)
keys = st.sampled_from(("app", "tier"))
requirements: st.SearchStrategy[tuple[str, str, list[str]]] = st.tuples(
    keys, st.sampled_from(("In", "NotIn")), texts
) | st.tuples(keys, st.sampled_from(("Exists", "DoesNotExist")), st.just([]))
label_sets = st.dictionaries(keys, st.sampled_from(VALUES))
selectors = st.builds(
    lambda labels, some: {**matching(**labels), **asking(*some)}, label_sets, st.lists(requirements, max_size=2)
)


def partial(selector: Selector) -> list[dict[str, Any]]:
    """The metadata of pods with one label of a plain selector, more of each than of that before it."""
    pairs = sorted(selector["matchLabels"].items())
    return [
        {"name": f"{key}-{copy}", "labels": {key: value}}
        for at, (key, value) in enumerate(pairs)
        for copy in range(2 * at + 1)
    ]


class Asked:
    """A selector and labels, as a Deployment and, where the selector is plain, as a Service beside it."""

    def __init__(self, selector: Selector, labels: Mapping[str, str]) -> None:
        template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "a", "image": "a"}]}}
        spec = json.dumps({"selector": selector, "template": template})
        texts = [f"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: a}}, spec: {spec}}}"]
        self.plain = set(selector) == {"matchLabels"} and bool(selector["matchLabels"])
        if self.plain:
            texts += (f"{{apiVersion: v1, kind: Pod, metadata: {json.dumps(pod)}}}" for pod in partial(selector))
            plain = json.dumps({"selector": selector["matchLabels"], "ports": [{"port": 80}]})
            texts.append(f"{{apiVersion: v1, kind: Service, metadata: {{name: s}}, spec: {plain}}}")
        self.resolver: Resolver = graph("\n---\n".join(texts))
        self.workload: Workload = self.resolver.unit.workloads[0]
        assert self.workload.selector is not None
        self.selector: LabelSelector = self.workload.selector

    def verdict(self) -> Match:
        return match_condition(condition_of_selector(self.selector), lambda key: pod_label(self.workload, key))

    def tokens(self) -> dict[str, str]:
        return {key: encode(value) for key, value in self.workload.template.labels.entries.items()}


def check_sets(asked: Asked, verdict: Match) -> None:
    """Tokens, bit sets and cells decide every unknown; they agree wherever the reference decides."""
    terms = encode_selector(asked.selector)
    assert is_known(terms)
    met = are_met(terms, asked.tokens())
    assert verdict is UNDECIDED or met == (verdict is YES)
    sets = LabelSets([(asked.tokens().items(), (0,)), ((), (1,))], 2)
    assert sets.selected(terms) & 1 == met
    assert bool(sets.selected(terms) & 2) == are_met(terms, {})
    for cell in LabelSpace([terms]).cells(1_000):
        assert (terms in cell.met) == are_met(terms, dict(cell.labels))


def check_server(asked: Asked, verdict: Match) -> None:
    """The server refuses what surely does not match.

    Of an unknown label it knows more than the reference, that it exists, and less: not which unknown it is.
    """
    found = list(find_violations(asked.workload, Server()))
    refused = any(one.reason is Reason.TEMPLATE_LABELS for one in found)
    unknown = any(isinstance(value, Unknown) for value in asked.workload.template.labels.entries.values())
    if asked.selector.is_empty or verdict is YES:
        assert not refused
    elif not unknown or not asked.selector.requirements.items:
        assert refused == (verdict is NO)


def check_plain(asked: Asked, verdict: Match) -> None:
    """A Service: the resolver, its index, the formula, and the pods that reach finds behind it."""
    service, resolver = one(asked.resolver, Service), asked.resolver
    selected = dict(resolver.list_selected(service))
    assert selected.get(asked.workload, NO) is verdict
    index = LabelIndex(resolver.unit.workloads)
    possible = list(index.possible(service.selector, service.namespace))
    assert verdict is NO or asked.workload in possible
    holds = evaluate_kleene(selects_formula(resolver, service, asked.workload))
    assert {True: YES, False: NO, None: UNDECIDED}[holds] is verdict
    behind = ReachResult(resolver.unit, Assumptions()).services.backends(service)
    assert any(one.workload is asked.workload for one in behind) == (verdict is YES)


@pytest.mark.parametrize(("selector", "labels", "verdict"), TABLE)
def test_every_matcher_gives_the_verdict_of_the_table(
    selector: Selector, labels: dict[str, str], verdict: Match
) -> None:
    asked = Asked(selector, labels)
    assert asked.verdict() is verdict
    check_sets(asked, verdict)
    check_server(asked, verdict)
    if asked.plain:
        check_plain(asked, verdict)


@pytest.mark.parametrize(("operator", "refused"), [("Exists", False), ("DoesNotExist", True)])
def test_to_the_server_a_label_exists_whatever_its_value(operator: str, refused: bool) -> None:
    asked = Asked(asking(("app", operator, [])), {"app": "${A}"})
    found = {one.reason for one in find_violations(asked.workload, Server())}
    assert (Reason.TEMPLATE_LABELS in found) == refused


@settings(max_examples=60, deadline=None)
@given(selectors, label_sets)
def test_every_matcher_agrees_with_the_reference(selector: Selector, labels: dict[str, str]) -> None:
    asked = Asked(selector, labels)
    check_sets(asked, asked.verdict())
    check_server(asked, asked.verdict())


@settings(max_examples=60, deadline=None)
@given(
    st.builds(lambda labels: matching(**labels), st.dictionaries(keys, st.sampled_from(VALUES), min_size=1)), label_sets
)
def test_what_answers_for_services_agrees_with_the_reference(selector: Selector, labels: dict[str, str]) -> None:
    asked = Asked(selector, labels)
    check_plain(asked, asked.verdict())
