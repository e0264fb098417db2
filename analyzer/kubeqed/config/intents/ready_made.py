"""Claims that are ready-made, so that a team need not write them."""

from __future__ import annotations

from kubeqed.model.cluster import Stated
from kubeqed.model.intents import EndClaim, EndKind, Expectation, Intent
from kubeqed.parse import Place
from kubeqed.prove.intents.claims import DNS_PORTS
from kubeqed.reach.algebra import ALL

_METADATA = ("169.254.169.254/32", "fd00:ec2::254/128")
_ANYBODY = (EndClaim(any_pod=True), EndClaim(EndKind.EXTERNAL))


def make_ready_made(name: str, namespaces: tuple[Stated[str], ...], place: Place, *, any_pod: bool) -> Intent:
    """The claim of a name, of pods of some namespaces, or of all."""
    pods = (EndClaim(namespaces=namespaces, any_pod=any_pod),)
    internet = (EndClaim(EndKind.INTERNET),)
    if name == "isolated-namespaces":
        others = (EndClaim(any_pod=any_pod),)
        return Intent(name, place, others, pods, Expectation.DENIED, ALL, apart=True)
    if name == "default-deny":
        return Intent(name, place, _ANYBODY, pods, Expectation.ISOLATED, ALL)
    if name == "dns-reachable":
        return Intent(name, place, pods, (EndClaim(EndKind.DNS),), Expectation.ALLOWED, DNS_PORTS)
    if name == "no-internet-ingress":
        return Intent(name, place, internet, pods, Expectation.DENIED, ALL)
    if name == "no-internet-egress":
        return Intent(name, place, pods, internet, Expectation.DENIED, ALL)
    return Intent(name, place, pods, (EndClaim(EndKind.EXTERNAL, addresses=_METADATA),), Expectation.DENIED, ALL)
