"""What the server accepts in a Service with a warning (pkg/api/service/warnings.go)."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.address import warn_of_unusual
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.service import EXTERNAL_NAME, is_headless, type_of
from kubeqed.apiserver.service.addresses import written_addresses
from kubeqed.apiserver.violation import Violation, warn
from kubeqed.diagnostic import Certainty
from kubeqed.model.values.known import equals, is_known, is_set, known_or

_HINTS = "service.kubernetes.io/topology-aware-hints"


def warn_of_service(root: Node, server: Server) -> Iterator[Violation]:
    """Deprecated and ignored fields."""
    spec, kind = root["spec"], type_of(root["spec"])
    yield from _warn_of_ignored(spec)
    yield from _warn_of_addresses(spec, server)
    hints = root["metadata"]["annotations"][_HINTS]
    if hints.present:
        yield warn(hints, "is deprecated in favour of service.kubernetes.io/topology-mode", Reason.FIELD_DEPRECATED)
    addresses = spec["externalIPs"]
    if (
        addresses.filled
        and equals(is_headless(spec), False)
        and is_known(kind)
        and kind != EXTERNAL_NAME
        and server.version >= (1, 36)
    ):
        yield warn(addresses, "is deprecated, and clusters may stop implementing it", Reason.FIELD_DEPRECATED)
    if equals(spec["trafficDistribution"].text, "PreferClose") and server.prefers_same:
        yield warn(
            spec["trafficDistribution"],
            "PreferClose is deprecated in favour of PreferSameZone",
            Reason.FIELD_DEPRECATED,
        )


def _warn_of_addresses(spec: Node, server: Server) -> Iterator[Violation]:
    written = [item for item in known_or(written_addresses(spec), []) if not equals(item.text, "None")]
    for item in (*written, *spec["externalIPs"].items(), spec["loadBalancerIP"]):
        yield from warn_of_unusual(item, strict=server.strict_addresses)


def _warn_of_ignored(spec: Node) -> Iterator[Violation]:
    kind = type_of(spec)
    if is_set(is_headless(spec)):
        if is_set(spec["loadBalancerIP"].text):
            yield _of_no_effect(spec["loadBalancerIP"], "is ignored for headless Services")
        if spec["externalIPs"].filled:
            yield _of_no_effect(spec["externalIPs"], "is ignored for headless Services")
        if is_known(spec["sessionAffinity"].text) and spec["sessionAffinity"].text not in ("", "None"):
            yield _of_no_effect(spec["sessionAffinity"], "is ignored for headless Services")
    if equals(kind, EXTERNAL_NAME) and spec["externalIPs"].filled:
        yield _of_no_effect(spec["externalIPs"], "is ignored when `type` is ExternalName")
    if is_known(kind) and kind != EXTERNAL_NAME and is_set(spec["externalName"].text):
        yield _of_no_effect(spec["externalName"], "is ignored when `type` is not ExternalName")


def _of_no_effect(node: Node, what: str) -> Violation:
    return warn(node, what, Reason.FIELD_IGNORED, Certainty.LIKELY)
