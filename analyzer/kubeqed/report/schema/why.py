"""The JSON of `kubeqed why`."""

from __future__ import annotations

from typing import Literal

from kubeqed.report.schema.parts import (
    ChangedPlace,
    KubernetesObject,
    PlaceModel,
    PlaceOrNone,
    PolicyEditModel,
    ReportModel,
)
from kubeqed.report.schema.reach import Peer, Ports, ReachNotice


class WhyRule(ChangedPlace):
    """A rule that means the other side; `ports` are those that it decides."""

    path: str
    action: Literal["Allow", "Deny", "Pass"]
    ports: Ports


class WhyPolicy(ChangedPlace):
    """A policy that selects the subject of a side; the place is that of its selector."""

    object: KubernetesObject
    rules: tuple[WhyRule, ...]


class WhySide(ReportModel):
    """One direction: what passes, whether a NetworkPolicy isolates the subject, what no policy decided."""

    allowed: Ports
    isolated: bool
    by_default: Ports
    policies: tuple[WhyPolicy, ...]


class WhyNote(PlaceOrNone):
    """Something on the way: a Service, an Ingress, an address that is hidden. `changed` are lines that set a part of the field."""

    text: str
    changed: tuple[PlaceModel, ...] = ()


class WhyUnless(PlaceModel):
    """A policy of an engine that is not modelled, which may decide otherwise about one side."""

    text: str
    object: KubernetesObject
    direction: Literal["ingress", "egress"]
    opens: bool


class WhyDepends(ReportModel):
    """Ports that are open only where a condition holds: on where an ingress controller outside the input runs."""

    allow: Ports
    condition: str


class WhyDecision(ReportModel):
    """The decision about a pair in one unit.

    `itself` says that both are one workload: no policy governs what one pod sends to itself. `other_pods` says that it
    has several pods, and that the decision is about one of them and another. `allowed` is open in any case; where
    `depends` has items, both sides are told of a place where the first of its conditions holds.
    """

    unit: str
    source: tuple[Peer, ...]
    destination: tuple[Peer, ...]
    itself: bool
    other_pods: bool
    asked: Ports
    allowed: Ports
    depends: tuple[WhyDepends, ...]
    egress: WhySide
    ingress: WhySide
    notes: tuple[WhyNote, ...]
    unless: tuple[WhyUnless, ...]
    edits: tuple[PolicyEditModel, ...]


class WhyReport(ReportModel):
    """The output of `kubeqed why --output-format json`."""

    version: Literal[1]
    decisions: tuple[WhyDecision, ...]
    notices: tuple[ReachNotice, ...]
