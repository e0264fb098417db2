"""What a team declares of its network: who may reach whom, and who must not, to be proved of the manifests."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from kubeqed.diagnostic import Severity
from kubeqed.model.stated import Stated
from kubeqed.parse import Place

Ports = tuple[int, ...]  # a set of ports as `reach` has it: first, last, first, last, …
AskedLabel = tuple[str, str, tuple[str, ...]]  # key, operator of a label selector, values

READY_MADE = (
    "isolated-namespaces",
    "default-deny",
    "dns-reachable",
    "no-internet-ingress",
    "no-internet-egress",
    "metadata-endpoint-denied",
)


class LabelClaim(NamedTuple):
    """Labels that meet all that is `asked`, and none of what is `excluded`."""

    asked: tuple[AskedLabel, ...] = ()
    excluded: tuple[LabelClaim, ...] = ()


class EndKind(Enum):
    """What an end of an intent speaks of."""

    PODS = "pods"
    EXTERNAL = "external"
    INTERNET = "internet"
    DNS = "dns"


class EndClaim(NamedTuple):
    """One end of an intent.

    Of pods: their labels, those of their namespaces, and the namespaces that are named, each with its place. `any_pod` says
    that pods which no manifest shows are meant too. Of addresses: `addresses` are CIDRs, all of the kind if there are none.
    """

    kind: EndKind = EndKind.PODS
    pods: LabelClaim = LabelClaim()
    spaces: LabelClaim = LabelClaim()
    namespaces: tuple[Stated[str], ...] = ()
    any_pod: bool = False
    addresses: tuple[str, ...] = ()


class IntentException(NamedTuple):
    """What is taken out of a claim: all that both ends and the ports mean; without one of the ends, whatever it is."""

    source: tuple[EndClaim, ...] | None
    destination: tuple[EndClaim, ...] | None
    ports: Ports
    reason: str = ""


class Expectation(Enum):
    """What is claimed of packets: that they pass, that they do not, or that nothing passes which no policy allows."""

    ALLOWED = "allowed"
    DENIED = "denied"
    ISOLATED = "isolated"


class Intent(NamedTuple):
    """A claim about every packet from one of `source` to one of `destination`, on `ports`.

    Of ISOLATED, the destination is the pods that a policy isolates in both directions. `apart` says that the two ends are in
    different namespaces.
    """

    name: str
    place: Place
    source: tuple[EndClaim, ...]
    destination: tuple[EndClaim, ...]
    expect: Expectation
    ports: Ports
    exceptions: tuple[IntentException, ...] = ()
    severity: Severity = Severity.ERROR
    apart: bool = False
