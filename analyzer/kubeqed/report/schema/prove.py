"""The JSON of `kubeqed prove`."""

from __future__ import annotations

from typing import Literal

from kubeqed.report.schema.parts import KubernetesObject, PlaceModel, PlaceOrNone, PolicyEditModel, ReportModel
from kubeqed.report.schema.reach import ReachNotice


class WorkloadEnd(ReportModel):
    """A pod that the manifests show; `ordinal` is its number where policies tell the pods of a workload apart."""

    kind: str
    namespace: str
    name: str
    ordinal: int | None = None


class AnyPodEnd(ReportModel):
    """A pod that no manifest shows, by what policies may see of it."""

    namespace: str
    namespace_labels: dict[str, str]
    labels: dict[str, str]
    address: str | None = None


class AddressOutside(ReportModel):
    """An address outside of the cluster."""

    address: str


PacketPeer = WorkloadEnd | AnyPodEnd | AddressOutside


class WitnessPacket(ReportModel):
    """A packet; `port_names` are names that the destination must give to its port."""

    source: PacketPeer
    destination: PacketPeer
    protocol: Literal["TCP", "UDP", "SCTP"]
    port: int
    port_names: tuple[str, ...]


class Deciding(PlaceOrNone):
    """What decides about a packet, or what a proof rests on."""

    object: KubernetesObject | None
    text: str


class TakenForGranted(PlaceOrNone):
    """What a verdict takes for granted."""

    text: str


class OtherEngine(PlaceModel):
    """A policy of an engine that is not modelled, which may say otherwise."""

    text: str
    object: KubernetesObject


class ProvedIntent(PlaceModel):
    """The verdict on an intent in a unit; `speaks` is false where no packet is meant, so that it holds whatever is so.

    `edits` are the smallest after which a refuted intent holds, proved so, none where none was found; `effects` what they
    change besides.
    """

    name: str
    unit: str
    verdict: Literal["holds", "refuted", "gave-up"]
    speaks: bool
    severity: Literal["error", "warning", "note"]
    witness: WitnessPacket | None
    deciding: tuple[Deciding, ...]
    facts: tuple[TakenForGranted, ...]
    unless: tuple[OtherEngine, ...]
    edits: tuple[PolicyEditModel, ...]
    effects: tuple[str, ...]


class IntentProblem(PlaceModel):
    """Something that an intent names and that is not there."""

    severity: Literal["error", "warning"]
    text: str


class ProveReport(ReportModel):
    """The output of `kubeqed prove --output-format json`; `notices` say what the verdicts leave out or depend on."""

    version: Literal[1]
    intents: tuple[ProvedIntent, ...]
    problems: tuple[IntentProblem, ...]
    notices: tuple[ReachNotice, ...]
    summary: dict[Literal["holds", "refuted", "gave-up"], int]
