"""The names that a configuration may state are those of the package data."""

from __future__ import annotations

import json

import pytest
from data.generate_cni import CNI_JSON, CNI_YAML, NAMES, with_names
from tests.config.loading import load_text

from kubeqed.model.addresses.modes import MODE_ALIASES, NETWORK_MODES, PROVIDER_ALIASES
from kubeqed.model.cluster import NONE
from kubeqed.model.cni import names

KEYS = {"cni": names.CNIS, "provider": names.PROVIDERS, "load_balancer": names.LOAD_BALANCERS}


def test_the_cnis_are_those_of_the_data() -> None:
    module = NAMES.read_text(encoding="utf-8")
    assert with_names(module, CNI_YAML.read_bytes()) == module
    assert with_names(module.replace('"calico"', '"calicoo"'), CNI_YAML.read_bytes()) == module
    assert set(json.loads(CNI_JSON.read_text())["cnis"]) <= set(names.CNIS)


@pytest.mark.parametrize("known", [*KEYS.values(), names.INGRESS_CONTROLLERS])
def test_names_stand_once_in_order_and_none_is_not_among_them(known: tuple[str, ...]) -> None:
    assert list(known) == sorted(set(known) - {NONE})


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in KEYS for name in (*KEYS[key], NONE)])
def test_every_name_may_be_stated(key: str, name: str) -> None:
    stated = getattr(load_text(f"cluster: {{{key}: {name}}}").cluster, key)
    assert stated.value == name


@pytest.mark.parametrize("name", names.INGRESS_CONTROLLERS)
def test_every_ingress_controller_may_be_stated(name: str) -> None:
    (stated,) = load_text(f"cluster: {{ingress_controllers: [{name}]}}").cluster.ingress_controllers or ()
    assert stated.value == name


@pytest.mark.parametrize(("alias", "name"), names.INGRESS_CONTROLLER_ALIASES.items())
def test_an_ingress_controller_may_be_called_as_people_do(alias: str, name: str) -> None:
    (stated,) = load_text(f"cluster: {{ingress_controllers: [{alias}]}}").cluster.ingress_controllers or ()
    assert stated.value == name in names.INGRESS_CONTROLLERS


@pytest.mark.parametrize(("alias", "name"), [*PROVIDER_ALIASES.items(), ("Azure", "aks")])
def test_a_provider_may_be_called_as_people_do(alias: str, name: str) -> None:
    stated = load_text(f"cluster: {{provider: {alias}}}").cluster.provider
    assert stated is not None
    assert stated.value == name in names.PROVIDERS


@pytest.mark.parametrize(("alias", "name"), MODE_ALIASES.items())
def test_a_network_mode_may_be_called_as_people_do(alias: str, name: str) -> None:
    stated = load_text(f"cluster: {{network_mode: {alias}}}").cluster.network.mode
    assert stated is not None
    assert stated.value == name in NETWORK_MODES
