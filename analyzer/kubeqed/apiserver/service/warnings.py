"""What the server accepts in a Service with a warning (pkg/api/service/warnings.go)."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.address import warn_of_unusual
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.service import EXTERNAL_NAME, is_headless, type_of
from kubeqed.apiserver.service.addresses import written_addresses
from kubeqed.apiserver.violation import Violation, warned
from kubeqed.diagnostic import Certainty

_HINTS = "service.kubernetes.io/topology-aware-hints"


def warn_of_service(root: Node, server: Server) -> Iterator[Violation]:
    """Deprecated and ignored fields."""
    spec = root["spec"]
    yield from _ignored(spec)
    yield from _addresses(spec, server)
    hints = root["metadata"]["annotations"][_HINTS]
    if hints.present:
        yield warned(hints, "is deprecated in favour of service.kubernetes.io/topology-mode", Reason.FIELD_DEPRECATED)
    addresses = spec["externalIPs"]
    if (
        addresses.filled
        and is_headless(spec) is False
        and type_of(spec) not in (None, EXTERNAL_NAME)
        and server.version >= (1, 36)
    ):
        yield warned(addresses, "is deprecated, and clusters may stop to implement it", Reason.FIELD_DEPRECATED)
    if spec["trafficDistribution"].text == "PreferClose" and server.prefers_same:
        yield warned(
            spec["trafficDistribution"],
            "PreferClose is deprecated in favour of PreferSameZone",
            Reason.FIELD_DEPRECATED,
        )


def _addresses(spec: Node, server: Server) -> Iterator[Violation]:
    written = [item for item in written_addresses(spec) or () if item.text != "None"]
    for item in (*written, *spec["externalIPs"].items(), spec["loadBalancerIP"]):
        yield from warn_of_unusual(item, strict=server.strict_addresses)


def _ignored(spec: Node) -> Iterator[Violation]:
    if is_headless(spec):
        if spec["loadBalancerIP"].text:
            yield _of_no_effect(spec["loadBalancerIP"], "is ignored for headless Services")
        if spec["externalIPs"].filled:
            yield _of_no_effect(spec["externalIPs"], "is ignored for headless Services")
        if spec["sessionAffinity"].text not in (None, "", "None"):
            yield _of_no_effect(spec["sessionAffinity"], "is ignored for headless Services")
    if type_of(spec) == EXTERNAL_NAME and spec["externalIPs"].filled:
        yield _of_no_effect(spec["externalIPs"], "is ignored when `type` is ExternalName")
    if type_of(spec) not in (None, EXTERNAL_NAME) and spec["externalName"].text:
        yield _of_no_effect(spec["externalName"], "is ignored when `type` is not ExternalName")


def _of_no_effect(node: Node, what: str) -> Violation:
    return warned(node, what, Reason.FIELD_IGNORED, Certainty.LIKELY)
