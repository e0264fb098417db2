"""What single values must look like; each check gives the value or raises a ValueError in words for the user."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from ipaddress import IPv4Network, IPv6Network, ip_network

from kubeqed.config.nearest import did_you_mean, quote_text
from kubeqed.model.cluster import NONE, KubernetesVersion, PortRange
from kubeqed.parse import Mapping, Sequence, Unknown, Value

_VERSION = re.compile(r"v?(1)\.(\d{1,3})(\.\d+)?")
_RANGE = re.compile(r"(\d{1,5})-(\d{1,5})")
_OBJECT = re.compile(r"[^\s/]+ ([^\s/]+/)?[^\s/]+")
_HIGHEST_PORT = 65535


def describe_value(value: Value) -> str:
    """How an error calls what stands there."""
    if isinstance(value, Unknown):
        return f"the placeholder {quote_text(value.text)[1:-1]}, which nothing fills in here"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the boolean {'true' if value else 'false'}"
    if isinstance(value, str):
        return f"the string {quote_text(value)}"
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, Sequence) else f"the number {value}"


def one_of(what: str, known: Collection[str], aliases: dict[str, str] | None = None) -> Callable[[str], str]:
    """A check that a string is one of the known names of `what`, or an alias, which gives the name."""
    others = aliases or {}

    def check(name: str) -> str:
        name = others.get(name.lower(), name)
        if name not in known:
            raise ValueError(f"unknown {what} {quote_text(name)}{did_you_mean(name, [*known, *others])}")
        return name

    return check


def version_text(value: Value) -> str:
    """A version as text; a number is one only where it cannot have lost a zero (1.36, but not 1.3 or 2)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected a version in quotes, found {describe_value(value)}")
    text = str(value)
    if re.fullmatch(r"\d+\.\d{2,}", text):
        return text
    longer = f"{text}0" if "." in text else f"{text}.0"
    raise ValueError(f'the number {text} may stand for "{text}" or "{longer}": put the version in quotes')


def kubernetes_version(value: Value) -> KubernetesVersion:
    """A minor version of Kubernetes; a leading v and a patch level are allowed."""
    text = version_text(value)
    match = _VERSION.fullmatch(text)
    if not match:
        raise ValueError(f'expected a Kubernetes version such as "1.36", found {quote_text(text)}')
    return KubernetesVersion(int(match[1]), int(match[2]))


def node_port_range(value: Value) -> PortRange:
    """Ports `low-high`, both included, within 1 to 65535."""
    match = _RANGE.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError(f"expected a range of ports such as 30000-32767, found {describe_value(value)}")
    low, high = int(match[1]), int(match[2])
    if not 1 <= low <= high <= _HIGHEST_PORT:
        why = "its end lies before its start" if low > high else f"ports go from 1 to {_HIGHEST_PORT}"
        raise ValueError(f"the range {value} holds no valid ports: {why}")
    return PortRange(low, high)


def parse_networks(value: str) -> str:
    """A network, or an IPv4 and an IPv6 one separated by a comma; spelt in the canonical way."""
    networks = [_parse_network(part.strip()) for part in value.split(",")]
    if len(networks) > 2 or len({network.version for network in networks}) < len(networks):
        raise ValueError(f"{quote_text(value)} is not one network, or one of IPv4 and one of IPv6")
    return ",".join(map(str, networks))


def _parse_network(text: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        network = None
    if network is None or not re.search(r"/\d+$", text):
        raise ValueError(f"{quote_text(text)} is not a network such as 10.96.0.0/12 or fd00:10:96::/112")
    if network.network_address != ip_network(text.partition("/")[0]).network_address:
        raise ValueError(f"{quote_text(text)} has bits beyond its prefix: write {network}")
    return network


def not_empty(value: str) -> str:
    """A string that says something."""
    if not value.strip():
        raise ValueError("the string is empty")
    return value


def not_empty_list(value: list[str]) -> list[str]:
    """A list that says something."""
    if not value:
        raise ValueError("the list is empty")
    return value


def file_path(value: str) -> str:
    """A path that the system could know: it says something, holds no NUL, and can be encoded."""
    try:
        encoded = os.fsencode(not_empty(value))
    except UnicodeEncodeError:
        raise ValueError(f"no path can hold what is in {quote_text(value)}") from None
    if b"\0" in encoded:
        raise ValueError(f"no path can hold the NUL character that is in {quote_text(value)}")
    return value


def object_glob(value: str) -> str:
    """`Kind namespace/name` or `Kind name`, each part a glob."""
    if not _OBJECT.fullmatch(value):
        raise ValueError(f'expected "Kind namespace/name" or "Kind name", found {quote_text(value)}')
    return value


def known_value(value: Value) -> Value:
    """A value without placeholders, however deep."""
    if isinstance(value, Unknown):
        raise ValueError(f"expected a value, found {describe_value(value)}")
    inner: Collection[Value] = (
        value.values() if isinstance(value, Mapping) else value if isinstance(value, Sequence) else ()
    )
    for item in inner:
        known_value(item)
    return value


def check_controllers(value: list[str]) -> list[str]:
    """A list of names of which `none` stands alone."""
    if NONE in value and len(value) > 1:
        raise ValueError(f'"{NONE}" says that there is no ingress controller, but others are named beside it')
    return value


def details_of_cni(value: Value) -> Value | dict[str, str]:
    """The long form of a CNI: a plain string is its name."""
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, Mapping):
        raise ValueError(f'expected a name, or a mapping with "name" and "version", found {describe_value(value)}')
    return value


def list_of_names(value: Value) -> Value | list[str]:
    """The long form of a list of names: a plain string is its only name."""
    return [value] if isinstance(value, str) else value


def read_off(value: Value) -> Value:
    """`off`, which YAML reads as the boolean false."""
    return "off" if value is False else value


def as_written(value: Value) -> Value:
    """Text for people, in which a placeholder is nothing but text."""
    return value.text if isinstance(value, Unknown) else value


def port_text(value: Value) -> str:
    """A port, or a range of ports, with its protocol: `TCP/80`, `UDP/8000-8999`; a bare number is one of TCP."""
    from kubeqed.reach import PortSyntaxError, parse_ports  # only what states intents needs it

    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        raise ValueError(f"expected a port such as TCP/5432, found {describe_value(value)}")
    try:
        parse_ports(text, usual="TCP")
    except PortSyntaxError as error:
        raise ValueError(str(error)) from None
    return text
