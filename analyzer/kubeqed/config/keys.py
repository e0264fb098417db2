# No `from __future__ import annotations`: pydantic would evaluate each annotation from its text, at every start.
"""The keys of the configuration, as pydantic models: they check a file, and print the JSON Schema.

`defer_build` makes one validator of all the models instead of one each. Values that YAML may spell in several
ways are checked by functions of `values.py`, which say what is wrong in words for the user.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from kubeqed.config import addresses, values
from kubeqed.config.intents.keys import Intents
from kubeqed.config.nearest import quote_text
from kubeqed.config.section import Keys, OrName, Text, enum_schema
from kubeqed.model.addresses.modes import MODE_ALIASES, NETWORK_MODES, PROVIDER_ALIASES
from kubeqed.model.cluster import NONE
from kubeqed.model.cni.names import CNIS, INGRESS_CONTROLLER_ALIASES, INGRESS_CONTROLLERS, LOAD_BALANCERS, PROVIDERS

SEVERITIES = ("error", "warning", "note", "off")
WORLDS = ("open", "closed")


def _text_schema(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


def _version_schema(*examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": ["string", "number"], "examples": list(examples)})


_CIDR = r"^[0-9A-Fa-f.:]+/[0-9]+(, *[0-9A-Fa-f.:]+/[0-9]+)?$"
_CNIS, _PROVIDERS = (*CNIS, NONE), (*PROVIDERS, NONE)
_LOAD_BALANCERS, _INGRESS_CONTROLLERS = (*LOAD_BALANCERS, NONE), (*INGRESS_CONTROLLERS, NONE)

CniName = Annotated[str, AfterValidator(values.one_of("CNI", _CNIS)), enum_schema(*_CNIS)]
Provider = Annotated[
    str,
    AfterValidator(values.one_of("provider", _PROVIDERS, PROVIDER_ALIASES)),
    enum_schema(*_PROVIDERS, *PROVIDER_ALIASES),
]
NetworkMode = Annotated[
    str,
    AfterValidator(values.one_of("network mode", NETWORK_MODES, MODE_ALIASES)),
    enum_schema(*NETWORK_MODES, *MODE_ALIASES),
]
LoadBalancer = Annotated[
    str, AfterValidator(values.one_of("load balancer", _LOAD_BALANCERS)), enum_schema(*_LOAD_BALANCERS)
]
IngressController = Annotated[
    str,
    AfterValidator(values.one_of("ingress controller", _INGRESS_CONTROLLERS, INGRESS_CONTROLLER_ALIASES)),
    enum_schema(*_INGRESS_CONTROLLERS, *INGRESS_CONTROLLER_ALIASES),
]
World = Annotated[str, AfterValidator(values.one_of("world", WORLDS)), enum_schema(*WORLDS)]
Cidr = Annotated[
    str, AfterValidator(values.parse_networks), _text_schema(_CIDR, "10.96.0.0/12", "10.244.0.0/16,fd00:10:244::/56")
]
Kubernetes = Annotated[Any, PlainValidator(values.kubernetes_version), _version_schema("1.36")]
VersionText = Annotated[Any, PlainValidator(values.version_text), _version_schema("1.14.3")]
NodePortRange = Annotated[Any, PlainValidator(values.node_port_range), _text_schema("^[0-9]+-[0-9]+$", "30000-32767")]
FilePath = Annotated[str, AfterValidator(values.file_path), WithJsonSchema({"type": "string", "minLength": 1})]
ObjectGlob = Annotated[
    str,
    AfterValidator(values.object_glob),
    _text_schema("^[^ /]+ ([^ /]+/)?[^ /]+$", "Service shop/*", "ClusterRole web-?"),
]
Reason = Annotated[
    str,
    BeforeValidator(values.as_written),
    AfterValidator(values.not_empty),
    WithJsonSchema({"type": "string", "minLength": 1}),
]
# YAML reads `off` as the boolean false.
SeverityName = Annotated[
    str,
    BeforeValidator(values.read_off),
    AfterValidator(values.one_of("severity", SEVERITIES)),
    enum_schema(*SEVERITIES, False),
]
OptionValue = Annotated[Any, AfterValidator(values.known_value)]


class UnitKeys(Keys):
    """Objects that end up in one cluster together: all at or below `path`, or at or below each of `paths`."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["path"]}, {"required": ["paths"]}]})

    path: FilePath = Field(default_factory=str, description="Directory or file, relative to this file")
    paths: Annotated[list[FilePath], AfterValidator(values.not_empty_list)] = Field(
        default_factory=list,
        description="Several directories or files that go to one cluster, relative to this file",
        json_schema_extra={"minItems": 1},
    )
    world: World = Field(
        default="open",
        description="closed: this unit is the whole cluster; open: other objects may exist outside",
    )


def check_place(unit: UnitKeys) -> UnitKeys:
    """A unit that says where it is, in one way."""
    if not unit.path and not unit.paths:
        raise ValueError('the key "path" is missing, or "paths" for several directories')
    if unit.path and unit.paths:
        raise ValueError('"path" and "paths" are both stated: list all directories under "paths"')
    return unit


class ChartKeys(Keys):
    """A chart of the repository and the values that it is installed with."""

    path: FilePath = Field(description="Directory of the chart, relative to this file")
    values: list[FilePath] | None = Field(
        default=None, description="Files of values, relative to this file; the later ones win, as with --values"
    )
    set: dict[Text, OptionValue] | None = Field(
        default=None, description="Single values by their path, as ingress.host: a text, a number or a boolean"
    )
    release: Text | None = Field(default=None, description="Name of the release; release-name unless stated")
    namespace: Text | None = Field(default=None, description="Namespace of the release; default unless stated")


def check_single_values(chart: ChartKeys) -> ChartKeys:
    """An entry of `charts:` whose single values are scalars: lists and mappings go into a file of values."""
    for key, value in (chart.set or {}).items():
        if not isinstance(value, str | int | float):
            raise ValueError(f"{quote_text(key)} is {values.describe_value(value)}: put it into a file of values")
    return chart


class CniKeys(Keys):
    """The network plug-in of the cluster."""

    name: CniName = Field(description="Which plug-in, or none")
    version: VersionText | None = Field(default=None, description="Its version, in quotes")


class ClusterKeys(Keys):
    """What is known about the cluster: a key left out is unknown, `none` is known to be absent."""

    kubernetes: Kubernetes | None = Field(default=None, description="Minor version of Kubernetes, in quotes")
    cni: Annotated[CniKeys, BeforeValidator(values.details_of_cni), OrName(enum_schema(*_CNIS))] | None = Field(
        default=None, description="Network plug-in: its name, or name and version"
    )
    provider: Provider | None = Field(
        default=None,
        description="Platform of the cluster; gke, k3s, openshift: whose controller serves an Ingress without a class",
    )
    load_balancer: LoadBalancer | None = Field(
        default=None,
        description="What gives addresses to Services of type LoadBalancer; none: the outside reaches only their node ports",
    )
    ingress_controllers: (
        Annotated[
            list[IngressController],
            BeforeValidator(values.list_of_names),
            AfterValidator(values.check_controllers),
            OrName(enum_schema(*_INGRESS_CONTROLLERS)),
        ]
        | None
    ) = Field(
        default=None,
        description="All controllers of Ingresses, Routes, Gateways; none or an empty list: no controller outside the manifests serves any",
    )
    node_port_range: NodePortRange | None = Field(
        default=None, description="--service-node-port-range of the API server; 30000-32767 unless stated"
    )
    service_cidr: Cidr | None = Field(default=None, description="Addresses of Services; of both families: v4,v6")
    pod_cidr: Cidr | None = Field(default=None, description="Addresses of pods; of both families: v4,v6")
    network_mode: NetworkMode | None = Field(
        default=None, description="How nodes and pods get addresses: the modes of AKS, GKE, EKS"
    )
    network_policy: addresses.PolicyEngine | None = Field(default=None, description="AKS: the engine of policies")
    virtual_nodes: addresses.Boolean | None = Field(default=None, description="AKS: whether the add-on is on")
    shared_subnet: addresses.Boolean | None = Field(
        default=None, description="Whether another cluster has nodes in the same subnet"
    )
    nodes: addresses.Count | None = Field(default=None, description="All nodes, where no pools are stated")
    node_cidr: Cidr | None = Field(
        default=None, description="Addresses of nodes: the network of the cluster, VNet or VPC"
    )
    peered_cidrs: Annotated[list[Cidr], BeforeValidator(values.list_of_names)] | None = Field(
        default=None, description="Other networks that the cluster reaches: peered ones, and those behind a VPN"
    )
    dns_service_ip: addresses.Address | None = Field(default=None, description="Address of the DNS Service")
    node_cidr_mask_size: addresses.MaskSize | None = Field(
        default=None, description="Prefix of the block of pod addresses that each node gets; 24 unless stated"
    )
    node_pools: list[addresses.NodePoolKeys] | None = Field(default=None, description="Nodes that are alike")
    outbound: addresses.OutboundKeys | None = Field(default=None, description="How pods reach the world")


class RulesKeys(Keys):
    """Which rules run, and how severe their findings are."""

    select: list[Text] | None = Field(
        default=None, description="Only these rules: ids, or globs such as policy-*; all unless stated"
    )
    ignore: list[Text] | None = Field(default=None, description="Not these rules: ids, or globs such as policy-*")
    severity: dict[str, SeverityName] | None = Field(default=None, description="Severity by rule id; off mutes")
    options: dict[str, dict[str, OptionValue]] | None = Field(default=None, description="Options by rule id")


class IgnoreKeys(Keys):
    """Findings that are not reported: those that match all the lists stated here."""

    rules: list[Text] | None = Field(default=None, description="Ids or globs of rules; all unless stated")
    paths: list[Text] | None = Field(default=None, description="Globs of files, relative to this file")
    objects: list[ObjectGlob] | None = Field(
        default=None, description="Globs of objects: Kind namespace/name, or Kind name where no namespace is written"
    )
    reason: Reason = Field(description="Why these findings may stay")


def check_narrow(entry: IgnoreKeys) -> IgnoreKeys:
    """An entry of `ignore:` that does not hide everything."""
    if not (entry.rules or entry.paths or entry.objects):
        raise ValueError('an entry without "rules", "paths" and "objects" would hide every finding')
    return entry


class Configuration(Keys):
    """What kubeqed.yaml may hold."""

    units: list[Annotated[UnitKeys, AfterValidator(check_place)]] | None = Field(
        default=None, description="Which files end up in one cluster together"
    )
    charts: list[Annotated[ChartKeys, AfterValidator(check_single_values)]] | None = Field(
        default=None, description="The values that charts of the repository are installed with"
    )
    cluster: ClusterKeys | None = Field(default=None, description="What is known about the cluster")
    rules: RulesKeys | None = Field(default=None, description="Which rules run, and how severe their findings are")
    intents: Intents | None = Field(
        default=None, description="What connections shall pass, and which shall not: proved by `kubeqed prove`"
    )
    ignore: list[Annotated[IgnoreKeys, AfterValidator(check_narrow)]] | None = Field(
        default=None, description="Findings that are not reported, each with a reason"
    )
    exclude: list[Text] | None = Field(
        default=None, description="Files and directories that are not read, as in a .gitignore beside this file"
    )
    fleet: list[FilePath] | None = Field(
        default=None, description="Members of `kubeqed fleet`: PATH or PATH@REVISION, relative to this file"
    )
    baseline: FilePath | None = Field(
        default=None, description="File of findings that are not reported, as `kubeqed baseline` writes it"
    )


# By the keys that lead there, indices left out.
MODELS: dict[tuple[str, ...], type[Keys]] = {
    (): Configuration,
    ("units",): UnitKeys,
    ("charts",): ChartKeys,
    ("cluster",): ClusterKeys,
    ("cluster", "cni"): CniKeys,
    ("cluster", "node_pools"): addresses.NodePoolKeys,
    ("cluster", "outbound"): addresses.OutboundKeys,
    ("rules",): RulesKeys,
    ("ignore",): IgnoreKeys,
}
