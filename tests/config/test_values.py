"""The checks of single values, against what they check for."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubeqed.config.values import kubernetes_version, node_port_range, parse_networks, version_text
from kubeqed.model.cluster import KubernetesVersion, PortRange

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

networks = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).flatmap(
    lambda address: st.integers(0, address.max_prefixlen).map(
        lambda prefix: ipaddress.ip_network((address, prefix), strict=False)
    )
)


@given(st.integers(0, 99))
def test_a_quoted_version_is_what_it_says(minor: int) -> None:
    assert kubernetes_version(f"1.{minor}") == KubernetesVersion(1, minor)
    assert kubernetes_version(f"v1.{minor}.7") == KubernetesVersion(1, minor)


@given(st.integers(0, 9), st.integers(0, 99))
def test_a_number_is_a_version_only_where_yaml_lost_nothing(major: int, minor: int) -> None:
    written = f"{major}.{minor}"
    number = float(written)
    if str(number) == written and minor >= 10:
        assert version_text(number) == written
    else:
        with pytest.raises(ValueError, match="put the version in quotes"):
            version_text(int(number) if number.is_integer() else number)


@given(st.integers(0, 70000), st.integers(0, 70000))
def test_a_range_holds_ports(low: int, high: int) -> None:
    if 1 <= low <= high <= 65535:
        assert node_port_range(f"{low}-{high}") == PortRange(low, high)
    else:
        with pytest.raises(ValueError, match="no valid ports"):
            node_port_range(f"{low}-{high}")


@given(networks, networks)
def test_networks_of_one_or_both_families(one: Network, other: Network) -> None:
    assert parse_networks(str(one)) == str(one)
    both = f"{one.exploded} , {other.exploded}"
    if one.version == other.version:
        with pytest.raises(ValueError, match="not one network"):
            parse_networks(both)
    else:
        assert parse_networks(both) == f"{one},{other}"


@given(networks.filter(lambda network: network.prefixlen < network.max_prefixlen))
def test_an_address_is_not_its_network(network: Network) -> None:
    with pytest.raises(ValueError, match=f"write {network}$"):
        parse_networks(f"{network.network_address + 1}/{network.prefixlen}")
