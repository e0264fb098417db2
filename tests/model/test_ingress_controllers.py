"""The package data about ingress controllers is what the source says, and agrees with what reach knows of them."""

from __future__ import annotations

import pytest
from data.generate_ingress import SOURCE, TARGET, rendered

from kubeqed.model.cni.names import INGRESS_CONTROLLERS
from kubeqed.model.ingress.controllers import IngressController, Unclassed, load_controllers
from kubeqed.reach.topology.known_controllers import BY_ID

CONTROLLERS = [pytest.param(one, id=one.id) for one in load_controllers()]


def test_the_data_is_what_the_source_gives() -> None:
    assert TARGET.read_text(encoding="utf-8") == rendered(SOURCE.read_bytes())


def test_the_controllers_are_those_that_a_configuration_may_state() -> None:
    assert sorted(one.id for one in load_controllers()) == sorted(INGRESS_CONTROLLERS)


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_reach_calls_them_by_the_same_names(controller: IngressController) -> None:
    known = BY_ID.get(controller.id)
    if known is not None:
        assert set(known.classes) == controller.classes
        assert set(known.strings) == controller.strings


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_each_has_the_addresses_of_its_sources(controller: IngressController) -> None:
    assert all(source.startswith("https://") for source in controller.sources)
    assert controller.sources


def test_what_takes_an_ingress_without_a_class() -> None:
    by_id = {one.id: one.unclassed for one in load_controllers()}
    assert (by_id["nghttpx"], by_id["ingress-nginx"], by_id["gce"]) == (
        Unclassed.UNLESS,
        Unclassed.FLAG,
        Unclassed.ALWAYS,
    )
