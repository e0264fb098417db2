# No `from __future__ import annotations`: pydantic would evaluate each annotation from its text, at every start.
"""The keys of the configuration that state numbers of nodes and ranges of addresses, and what their values must look like."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from kubeqed.config.nearest import quote_text
from kubeqed.config.section import Keys, enum_schema
from kubeqed.config.values import describe_value, one_of, parse_networks
from kubeqed.parse import Value

SYSTEMS = ("linux", "windows")
POLICY_ENGINES = ("azure", "calico", "cilium", "none")
OUTBOUND_KINDS = (
    "loadBalancer",
    "managedNATGateway",
    "managedNATGatewayV2",
    "userAssignedNATGateway",
    "userDefinedRouting",
    "none",
    "block",
)
_MOST = 1 << 31


def _check_number(least: int, most: int = _MOST) -> Callable[[Value], int]:
    def check(value: Value) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            bounds = f"from {least}" + (f" to {most}" if most < _MOST else " on")
            raise ValueError(f"expected a whole number {bounds}, found {describe_value(value)}")
        return value

    return check


def _number_type(least: int, most: int = _MOST) -> tuple[PlainValidator, WithJsonSchema]:
    limits = {"minimum": least} | ({"maximum": most} if most < _MOST else {})
    return PlainValidator(_check_number(least, most)), WithJsonSchema({"type": "integer", **limits})


def check_surge(value: Value) -> str:
    """A number of nodes, or a percentage of them, as text."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not re.fullmatch(r"\d{1,6}%?", text):
        raise ValueError(f"expected a number of nodes, or a percentage such as 33%, found {describe_value(value)}")
    return text


def check_subnet(value: str) -> str:
    """A network, or the prefix alone."""
    if re.fullmatch(r"/\d{1,2}", value):
        if int(value[1:]) > 32:
            raise ValueError(f"{quote_text(value)} is no prefix of IPv4")
        return value
    return parse_networks(value)


def check_address(value: str) -> str:
    """One address."""
    try:
        return str(ip_address(value))
    except ValueError:
        raise ValueError(f"{quote_text(value)} is not an address such as 10.96.0.10") from None


def check_boolean(value: Value) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, found {describe_value(value)}")
    return value


Count = Annotated[Any, *_number_type(0)]
Positive = Annotated[Any, *_number_type(1)]
MaskSize = Annotated[Any, *_number_type(1, 128)]
Boolean = Annotated[Any, PlainValidator(check_boolean), WithJsonSchema({"type": "boolean"})]
Surge = Annotated[
    Any,
    PlainValidator(check_surge),
    WithJsonSchema({"type": ["integer", "string"], "pattern": "^[0-9]{1,6}%?$", "examples": [1, "33%"]}),
]
Subnet = Annotated[
    str,
    AfterValidator(check_subnet),
    WithJsonSchema(
        {"type": "string", "pattern": "/([0-9]|[12][0-9]|3[0-2])$|[.:].*/[0-9]+$", "examples": ["10.240.0.0/21", "/21"]}
    ),
]
Address = Annotated[
    str,
    AfterValidator(check_address),
    WithJsonSchema({"type": "string", "pattern": "^[0-9A-Fa-f.:]+$", "examples": ["10.96.0.10"]}),
]
System = Annotated[str, AfterValidator(one_of("system", SYSTEMS)), enum_schema(*SYSTEMS)]
PolicyEngine = Annotated[str, AfterValidator(one_of("policy engine", POLICY_ENGINES)), enum_schema(*POLICY_ENGINES)]
OutboundKind = Annotated[str, AfterValidator(one_of("outbound type", OUTBOUND_KINDS)), enum_schema(*OUTBOUND_KINDS)]


class NodePoolKeys(Keys):
    """Nodes that are alike: how many, how many pods each, and the subnet that they are in."""

    name: Annotated[str, WithJsonSchema({"type": "string"})] = Field(description="Name of the pool")
    nodes: Count | None = Field(default=None, description="How many nodes, at the most that it is scaled to")
    surge: Surge | None = Field(
        default=None, description="Nodes that an upgrade adds: a number, or a percentage of the nodes; 1 unless stated"
    )
    max_pods: Positive | None = Field(
        default=None, description="Pods of a node, at most; the platform's default unless stated"
    )
    subnet: Subnet | None = Field(default=None, description="Subnet of the nodes: a network, or a prefix alone as /21")
    pod_range: Subnet | None = Field(
        default=None, description="Range of the pods of this pool, where it has one of its own"
    )
    os: System | None = Field(default=None, description="linux unless stated")
    interfaces: Positive | None = Field(default=None, description="EKS: network interfaces of the instance type")
    addresses_per_interface: Positive | None = Field(default=None, description="EKS: IPv4 addresses of each interface")
    vcpus: Positive | None = Field(default=None, description="EKS: processors of the instance type")


class OutboundKeys(Keys):
    """How pods reach the world, and how much they ask of it."""

    type: OutboundKind | None = Field(default=None, description="AKS: outbound type; loadBalancer unless stated")
    addresses: Positive | None = Field(default=None, description="How many public addresses")
    ports_per_node: Positive | None = Field(default=None, description="AKS: outbound ports that each node gets")
    sessions: Count | None = Field(default=None, description="Sessions at one time to one destination")
