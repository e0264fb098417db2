"""The JSON of `kubeqed reach`, and what it shares with that of `why` and `diff`: peers, ports, notices."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, PositiveInt

from kubeqed.report.schema.parts import KubernetesObject, PlaceModel, PlaceOrNone, ReportModel, UnitModel


class WorkloadPeer(ReportModel):
    """A workload, or one of its pods where policies tell these apart.

    `number` is there for the second and later objects that read alike, as two placeholders may. `running` is there,
    and false, when the manifest asks for no pods.
    """

    kind: str
    namespace: str
    name: str
    number: PositiveInt = 1
    running: Literal[False] = False


class AddressPeer(ReportModel):
    """A block of addresses, with holes where it has some."""

    cidr: str
    except_: tuple[str, ...] = Field(default=(), alias="except")


class ControllerPeer(ReportModel):
    """Whoever serves Ingresses and Routes from outside the input."""

    kind: Literal["IngressController"]


class AbsentPeer(ReportModel):
    """Pods that no manifest shows, in words and by label selectors; an empty one selects everything."""

    absent: str
    namespaceSelector: dict[str, Any]  # noqa: N815 - as Kubernetes spells it
    podSelector: dict[str, Any]  # noqa: N815 - as Kubernetes spells it


Peer = ControllerPeer | WorkloadPeer | AddressPeer | AbsentPeer

Ports = dict[Literal["SCTP", "TCP", "UDP"], tuple[tuple[PositiveInt, PositiveInt], ...]]


class ReachConnection(ReportModel):
    """Every peer of the source groups may send to every peer of the destination groups, a peer to itself left out.

    `depends` is there, and true, when a policy of `unless` may decide otherwise about some of it, or when it depends on
    where an ingress controller outside the input runs: then `condition` says where. `unit` is there when the report speaks
    of several.
    """

    source: tuple[str, ...]
    destination: tuple[str, ...]
    allow: Ports
    depends: Literal[True] = True
    condition: str = ""
    unit: str | None = None


class UnlessModel(PlaceModel):
    """A policy of an engine that is not modelled: it may decide otherwise about what goes into and out of the groups.

    `opens` says that it may also allow what the modelled policies deny.
    """

    text: str
    object: KubernetesObject
    ingress: tuple[str, ...]
    egress: tuple[str, ...]
    opens: bool


class ReachNotice(PlaceOrNone):
    """Something that was not read, or (`open`) that the answer leaves out or depends on."""

    kind: Literal[
        "unreadable",
        "not-read",
        "excluded",
        "skipped-template",
        "gave-up",
        "internal-error",
        "guessed-join",
        "unmet-policies",
        "open",
    ]
    text: str


class NamedPort(ReportModel):
    """A port by its name, which only an absent pod can resolve; `protocol` is null where every one is meant."""

    protocol: Literal["SCTP", "TCP", "UDP"] | None
    name: str


class ExposedModel(ReportModel):
    """What a workload may send to, or receive from, pods that are not in the input; `peer` says which, in words."""

    workload: WorkloadPeer
    direction: Literal["ingress", "egress"]
    peer: str
    allow: Ports
    names: tuple[NamedPort, ...]


class ReachReport(ReportModel):
    """The output of `kubeqed reach --output-format json`; `exposure` is there when it was asked for."""

    version: Literal[1]
    groups: dict[str, tuple[Peer, ...]]
    connections: tuple[ReachConnection, ...]
    unless: tuple[UnlessModel, ...]
    units: tuple[UnitModel, ...]
    notices: tuple[ReachNotice, ...]
    exposure: tuple[ExposedModel, ...] | None = None
