"""What people type for peers and ports, and what is said of what is wrong."""

from __future__ import annotations

import re

import pytest
from tests.reach.samples import deployment, pod, service
from tests.reach.world import unit_of

from kubeqed.reach.algebra.addresses import ALL_V4, ALL_V6, parse_address
from kubeqed.reach.algebra.ports import ALL, all_ports_of, make_ports, union
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.syntax.peers import explain_unknown_peer, parse_peer
from kubeqed.reach.query.syntax.ports import PortSyntaxError, parse_ports
from kubeqed.reach.query.target import find_service, resolve_service

ANSWER = ReachResult(unit_of(deployment("frontend") + pod("db") + pod("db", "other") + service("db", 80, 8080)))


@pytest.mark.parametrize(
    "text",
    [
        "frontend",
        "shop/frontend",
        "frontend[Deployment]",
        "shop/Deployment/frontend",
        "Deployment/shop/frontend",
        "deployment/frontend",
    ],
)
def test_a_workload_has_several_names(text: str) -> None:
    assert [str(peer) for peer, _ in parse_peer(ANSWER, text, "Egress").pods] == ["shop/frontend[Deployment]"]


@pytest.mark.parametrize("text", ["Pod/shop/frontend", "shop/frontend/Deployment", "Deployment/other/frontend"])
def test_another_kind_or_namespace_is_another_workload(text: str) -> None:
    assert parse_peer(ANSWER, text, "Egress").empty


@pytest.mark.parametrize("text", ["db", "shop/db", "Service/shop/db", "service/db", "db[Service]"])
def test_a_service_has_several_names(text: str) -> None:
    service = find_service(ANSWER, text)
    assert service is not None
    assert [str(one.peer) for one in resolve_service(ANSWER, service, ALL).stops] == ["shop/db[Pod]"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("frontnd", "; did you mean shop/frontend[Deployment]?"),
        ("shop/frontent", "; did you mean shop/frontend[Deployment]?"),
        ("Deployment/shop/frontends", "; did you mean shop/frontend[Deployment]?"),
        ("zzz", ""),
    ],
)
def test_the_nearest_name(text: str, meant: str) -> None:
    assert explain_unknown_peer([ANSWER], text, "workload") == f"no workload is called {text!r}{meant}"


def _range(low: str, high: str) -> tuple[int | None, int | None]:
    return parse_address(low), parse_address(high)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10.1.2.3", _range("10.1.2.3", "10.1.2.3")),
        ("10.1.2.3/8", _range("10.0.0.0", "10.255.255.255")),
        ("10.0.0.1-10.0.0.9", _range("10.0.0.1", "10.0.0.9")),
        ("10.0.0.1-10.0.0.9[External]", _range("10.0.0.1", "10.0.0.9")),
        ("::1", _range("::1", "::1")),
        ("[2001:db8::1]", _range("2001:db8::1", "2001:db8::1")),
        ("2001:db8::1-2001:db8::9", _range("2001:db8::1", "2001:db8::9")),
        ("::ffff:10.1.2.3", _range("10.1.2.3", "10.1.2.3")),
        ("::ffff:10.1.2.3/104", _range("10.0.0.0", "10.255.255.255")),
        ("0.0.0.0/0", ALL_V4),
        ("::/0", ALL_V6),
        ("external", ALL_V4),
    ],
)
def test_addresses_have_several_spellings(text: str, meant: tuple[int, int]) -> None:
    assert parse_peer(ANSWER, text, "Ingress").addresses == (meant,)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("10.0.0.9-10.0.0.1", "the range ends before it starts; write 10.0.0.1-10.0.0.9"),
        ("10.0.0.1-::9", "a range has two addresses of one family"),
        ("10.0.0.1-10.0.0.999", "10.0.0.999 is no address"),
        ("fe80::1%eth0", "a zone says which link of one node is meant; write fe80::1"),
        ("0.0.0.0", "0.0.0.0 is no address of a pod or host; write 0.0.0.0/0 for every address"),
        ("::", ":: is no address of a pod or host; write ::/0 for every address"),
        ("10.0.0.0/33", "a block of it ends with /0 to /32, not /33"),
        ("::1/129", "a block of it ends with /0 to /128, not /129"),
        ("10.0.0.256", "10.0.0.256 is no address"),
        ("010.0.0.1", "010.0.0.1 is no address: write its numbers without a zero before them"),
    ],
)
def test_what_is_nearly_an_address_is_no_name(text: str, fault: str) -> None:
    assert parse_peer(ANSWER, text, "Ingress").empty
    assert explain_unknown_peer([ANSWER], text, "workload") == f"{text!r}: {fault}"


def test_the_address_of_a_pod_is_that_pod() -> None:
    answer = ReachResult(unit_of(pod("web", address="10.0.0.7") + pod("node", address="10.0.0.8", host_network=True)))
    assert [str(peer) for peer, _ in parse_peer(answer, "10.0.0.7", "Egress").pods] == ["shop/web[Pod]"]
    assert not parse_peer(answer, "10.0.0.8", "Egress").pods


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("80", union(union(make_ports("TCP", 80, 80), make_ports("UDP", 80, 80)), make_ports("SCTP", 80, 80))),
        *[(text, make_ports("TCP", 80, 80)) for text in ("tcp/80", "80/tcp", "TCP:80", "tcp 80", "tcp80", "Tcp-80")],
        ("udp/8000-8999", make_ports("UDP", 8000, 8999)),
        ("udp", all_ports_of("UDP")),
        (
            "TCP 80,443,UDP 53",
            union(union(make_ports("TCP", 80, 80), make_ports("TCP", 443, 443)), make_ports("UDP", 53, 53)),
        ),
    ],
)
def test_ports_have_several_spellings(text: str, meant: tuple[int, ...]) -> None:
    assert parse_ports(text) == meant


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("90-80", "'90-80' ends before it starts; write 80-90"),
        ("0", "'0' is no port: ports are 1 to 65535"),
        ("0-80", "'0-80' is no port: ports are 1 to 65535"),
        ("80-70000", "'80-70000' is no port: ports are 1 to 65535"),
        ("http", "'http' is a name, and each pod gives it a number of its own"),
        ("icmp/80", "'icmp/80' names no protocol of ports: TCP, UDP or SCTP"),
        ("tcp/80/udp", "'tcp/80/udp' names no protocol of ports: TCP, UDP or SCTP"),
        ("80:90", "'80:90' is no port"),
        ("", "'' is no port"),
    ],
)
def test_what_is_no_port_is_refused(text: str, fault: str) -> None:
    with pytest.raises(PortSyntaxError, match=f"^{re.escape(fault)}"):
        parse_ports(text)
