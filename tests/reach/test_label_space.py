"""The cells of the label space against every label set that there is."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubeqed.reach.algebra.label_space import LabelSpace, TooManyCellsError
from kubeqed.reach.algebra.terms import PodTerm, Requirements, RequirementTerm
from kubeqed.reach.algebra.tokens import OTHER
from kubeqed.reach.namespaces import NAME_LABEL
from kubeqed.reach.query.absent.pods import AbsentPods

KEYS = ("app", "tier", "env")
VALUES = ("a", "b", "c")

values = st.lists(st.sampled_from(VALUES), max_size=2, unique=True).map(lambda one: tuple(sorted(one)))
requirements = st.builds(RequirementTerm, st.sampled_from(KEYS), st.sampled_from(("In", "NotIn")), values) | st.builds(
    RequirementTerm, st.sampled_from(KEYS), st.sampled_from(("Exists", "DoesNotExist"))
)
selectors = st.lists(requirements, min_size=1, max_size=3).map(lambda one: tuple(sorted(set(one))))


def _met(selector: Requirements, labels: dict[str, str]) -> bool:
    return all(one.met(labels) for one in selector)


@settings(max_examples=200)
@given(st.frozensets(selectors, max_size=5))
def test_the_cells_are_the_label_sets_that_selectors_tell_apart(several: frozenset[Requirements]) -> None:
    cells = LabelSpace(several).cells(10_000)
    every = set()
    for worn in product((None, "a", "b", "c", OTHER), repeat=len(KEYS)):
        labels = {key: value for key, value in zip(KEYS, worn, strict=True) if value is not None}
        every.add(frozenset(one for one in several if _met(one, labels)))
    assert {cell.met for cell in cells} == every
    assert len(cells) == len(every)
    for cell in cells:
        assert frozenset(one for one in several if _met(one, dict(cell.labels))) == cell.met


def test_many_independent_selectors_are_too_many() -> None:
    several = [(RequirementTerm(f"k{number}", "Exists"),) for number in range(20)]
    with pytest.raises(TooManyCellsError):
        LabelSpace(several).cells(1000)


def test_an_example_is_as_plain_as_can_be() -> None:
    cells = LabelSpace([(RequirementTerm("app", "In", ("web",)),), (RequirementTerm("tier", "Exists"),)]).cells(100)
    assert {cell.labels for cell in cells} == {
        (),
        (("app", "web"),),
        (("tier", OTHER),),
        (("app", "web"), ("tier", OTHER)),
    }


def _term(pods: Requirements = (), namespace: str | None = None, namespaces: Requirements = ()) -> PodTerm:
    return PodTerm(namespace, namespaces, pods)


WEB = (RequirementTerm("app", "In", ("web",)),)
PROD = (RequirementTerm("env", "In", ("prod",)),)


def test_pods_that_the_same_terms_mean_are_one_in_whatever_namespace() -> None:
    here, wide = _term(WEB, "shop"), _term(WEB, None, PROD)
    spaces = {"shop": {NAME_LABEL: "shop"}, "far": {NAME_LABEL: "far"}, "live": {NAME_LABEL: "live", "env": "prod"}}
    found = AbsentPods([here, wide], spaces, spaces, 100)
    assert found.exact
    assert {one.before for one in found.all} == {frozenset(), frozenset({here}), frozenset({wide})}
    (plain, *_) = found.all
    assert (plain.before, plain.labels) == (frozenset(), ())


def test_a_namespace_whose_labels_change_has_pods_that_are_meant_in_one_version_only() -> None:
    wide = _term(WEB, None, PROD)
    old = {"far": {NAME_LABEL: "far"}}
    new = {"far": {NAME_LABEL: "far", "env": "prod"}}
    found = AbsentPods([wide], old, new, 100).all
    assert (frozenset(), frozenset({wide})) in {(one.before, one.after) for one in found}


def test_where_there_are_too_many_each_term_still_has_a_pod() -> None:
    terms = [_term((RequirementTerm(f"k{number}", "Exists"),)) for number in range(20)]
    found = AbsentPods(terms, {}, {}, 1000)
    assert all(any(term in one.after for one in found.all) for term in terms)
    assert any(not one.after for one in found.all)
    assert not found.exact
