"""Names and addresses of a pod: DNS policy and configuration, host aliases."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.address import validate_address, warn_of_unusual
from kubeqed.apiserver.formats.names import dns_subdomain, dns_subdomain_with_underscore
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, invalid, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_set, known_or

_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")


def validate_network(spec: Node, server: Server) -> Iterator[Violation]:
    """DNS and host aliases."""
    policy, settings = spec["dnsPolicy"], spec["dnsConfig"]
    if is_set(policy.text) and policy.text not in _POLICIES:
        yield unsupported(policy, _POLICIES)
    if equals(policy.text, "None") and settings.absent:
        yield required(settings, "dnsPolicy None needs it")
    elif equals(policy.text, "None") and equals(settings["nameservers"].length, 0):
        yield required(settings["nameservers"], "dnsPolicy None needs at least one")
    elif settings.present:
        yield from _validate_settings(settings, server)
    for alias in spec["hostAliases"].items():
        yield from validate_address(alias["ip"], strict=server.strict_addresses)
        yield from warn_of_unusual(alias["ip"], strict=server.strict_addresses)
        for name in alias["hostnames"].items():
            for why in dns_subdomain(name.text) if is_known(name.text) else ():
                yield invalid(name, why)


def _validate_settings(node: Node, server: Server) -> Iterator[Violation]:
    servers, searches = node["nameservers"], node["searches"]
    if is_known(servers.length) and servers.length > 3:
        yield invalid(servers, "must not have more than 3 nameservers")
    for address in servers.items():
        yield from validate_address(address, strict=server.strict_addresses)
        yield from warn_of_unusual(address, strict=server.strict_addresses)
    if is_known(searches.length) and searches.length > 32:
        yield invalid(searches, "must not have more than 32 search paths")
    if len(" ".join(known_or(item.text, "") for item in searches.items())) > 2048:
        yield invalid(searches, "must not have more than 2048 characters in the search list")
    check = dns_subdomain_with_underscore if server.relaxed_search_domains else dns_subdomain
    for search in searches.items():
        if not is_known(search.text) or (search.text == "." and server.relaxed_search_domains):
            continue
        for why in check(search.text.removesuffix(".")):
            yield invalid(search, why)
    for option in node["options"].items():
        if equals(option["name"].text, ""):
            yield required(option, "must have a name")
