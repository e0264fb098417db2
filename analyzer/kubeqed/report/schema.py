"""The published model of the JSON report: it prints the schema, and checks the writer in tests.

Only `kubeqed` commands that print a schema and the tests import it; a run writes JSON without pydantic.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt


class Model(BaseModel):
    """Strict: what is not said here is not in the report."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Place(Model):
    """A stretch of one line, counted from 1 in code points; `end_column` is exclusive."""

    file: str
    line: PositiveInt
    column: PositiveInt
    end_line: PositiveInt
    end_column: PositiveInt


class PlaceOrNone(Model):
    """A place, or null throughout for what no line states."""

    file: str | None
    line: PositiveInt | None
    column: PositiveInt | None
    end_line: PositiveInt | None
    end_column: PositiveInt | None


class KubernetesObject(Model):
    """Which object is spoken of; `namespace` is null where the manifest sets none."""

    api_version: str = Field(alias="apiVersion")
    kind: str
    namespace: str | None
    name: str | None


class Fact(PlaceOrNone):
    """One fact of a proof."""

    text: str


class Unknown(PlaceOrNone):
    """Something that the manifests leave open and on which the answer depends."""

    name: str
    text: str


class Evidence(Model):
    """Why a finding is so."""

    verdict: str
    facts: tuple[Fact, ...]
    unknowns: tuple[Unknown, ...]
    witness: dict[str, str] | None


class Related(Place):
    """Another place that a finding speaks of."""

    message: str
    object: KubernetesObject | None


class Suppression(Model):
    """Why a finding is not heard: by a comment or an annotation beside it, or by a file of its own."""

    kind: Literal["inSource", "external"]
    reason: str


class Finding(Place):
    """A finding; `fingerprint` survives moved lines. `suppression` is there only with `--show suppressed`."""

    rule: str
    severity: Literal["error", "warning", "note"]
    certainty: Literal["rejected", "proved", "likely", "possible", "posture"]
    message: str
    suggestion: str | None
    unit: str
    object: KubernetesObject | None
    path: str
    related: tuple[Related, ...]
    evidence: Evidence | None
    fingerprint: str
    suppression: Suppression | None = None


class Notice(PlaceOrNone):
    """Something that was not analysed."""

    kind: Literal["unreadable", "skipped-template", "gave-up", "internal-error"]
    text: str


class Unit(Model):
    """The objects that end up in one cluster together; `stated` is false when the unit was guessed."""

    root: str
    world: Literal["open", "closed"]
    stated: bool
    objects: NonNegativeInt


class Summary(Model):
    """Counts: what was read, what is shown, what was kept back."""

    files: NonNegativeInt
    documents: NonNegativeInt
    objects: NonNegativeInt
    error: NonNegativeInt
    warning: NonNegativeInt
    note: NonNegativeInt
    hidden: NonNegativeInt
    suppressed: NonNegativeInt
    gave_up: NonNegativeInt


class CheckReport(Model):
    """The output of `kubeqed check --output-format json`."""

    version: Literal[1]
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    units: tuple[Unit, ...]
    summary: Summary


class WorkloadPeer(Model):
    """A workload; `running` is there, and false, when the manifest asks for no pods."""

    kind: str
    namespace: str
    name: str
    running: Literal[False] = False


class AddressPeer(Model):
    """A block of addresses, with holes where it has some."""

    cidr: str
    except_: tuple[str, ...] = Field(default=(), alias="except")


class ControllerPeer(Model):
    """Whoever serves Ingresses and Routes from outside the input."""

    kind: Literal["IngressController"]


Ports = dict[Literal["SCTP", "TCP", "UDP"], tuple[tuple[PositiveInt, PositiveInt], ...]]


class ReachConnection(Model):
    """Every peer of the source groups may send to every peer of the destination groups, a peer to itself left out.

    `unit` is there when the report speaks of several.
    """

    source: tuple[str, ...]
    destination: tuple[str, ...]
    allow: Ports
    unit: str | None = None


class ReachNotice(PlaceOrNone):
    """Something that was not read, or (`open`) that the answer leaves out or depends on."""

    kind: Literal["unreadable", "skipped-template", "gave-up", "internal-error", "open"]
    text: str


class ReachReport(Model):
    """The output of `kubeqed reach --output-format json`; `exposure` is there when it was asked for."""

    version: Literal[1]
    groups: dict[str, tuple[ControllerPeer | WorkloadPeer | AddressPeer, ...]]
    connections: tuple[ReachConnection, ...]
    units: tuple[Unit, ...]
    notices: tuple[ReachNotice, ...]
    exposure: tuple[dict[str, Any], ...] | None = None


def reach_schema() -> dict[str, Any]:
    """The JSON Schema of the answer of `reach`."""
    schema = ReachReport.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def report_schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    schema = CheckReport.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
