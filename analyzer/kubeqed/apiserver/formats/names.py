"""What names may look like: DNS labels and subdomains, label keys and values, port names.

Ported from k8s.io/apimachinery/pkg/util/validation. Each function gives the complaints, none for a good name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Misspelt, Violation, invalid, required
from kubeqed.model.values.known import equals, is_set

Check = Callable[[str], list[str]]

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_DNS_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_UNDERSCORED = r"_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*"
_WILDCARD = rf"\*\.{_LABEL}(\.{_LABEL})*"
_NAME_PART = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_PORT_NAME = "[-a-z0-9]+"
_ENVIRONMENT = "[-._a-zA-Z][-._a-zA-Z0-9]*"
_PRINTABLE = "[ -<>-~]+"
_CONFIG_KEY = "[-._a-zA-Z0-9]+"
_PATH = r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"
_HEADER = "[-A-Za-z0-9]+"

PROTOCOLS = ("TCP", "UDP", "SCTP")  # in the order in which the server lists them

_ALPHANUMERIC_ENDS = "must start and end with a letter or digit"
_QUALIFIED = f"must consist of letters, digits, '-', '_' or '.', and {_ALPHANUMERIC_ENDS}"


def dns_label(value: str) -> list[str]:
    """An RFC 1123 label, such as `web-1`."""
    complaints = _refuse_longer(value, 63)
    if not re.fullmatch(_LABEL, value):
        dotted = re.fullmatch(_SUBDOMAIN, value)
        complaints.append(
            Misspelt(
                "must not contain dots"
                if dotted
                else f"must be lower case letters, digits or '-', and {_ALPHANUMERIC_ENDS}"
            )
        )
    return complaints


def dns_1035_label(value: str) -> list[str]:
    """An RFC 1035 label: as a DNS label, but it starts with a letter."""
    good = re.fullmatch(_DNS_1035, value)
    return _refuse_longer(value, 63) + (
        []
        if good
        else [Misspelt("must be lower case letters, digits or '-', start with a letter and end with a letter or digit")]
    )


def dns_subdomain(value: str) -> list[str]:
    """An RFC 1123 subdomain, such as `example.com`."""
    good = re.fullmatch(_SUBDOMAIN, value)
    return _refuse_longer(value, 253) + (
        [] if good else [Misspelt(f"must be lower case letters, digits, '-' or '.', and {_ALPHANUMERIC_ENDS}")]
    )


def dns_subdomain_with_underscore(value: str) -> list[str]:
    """As a DNS subdomain, with underscores."""
    good = re.fullmatch(_UNDERSCORED, value)
    return _refuse_longer(value, 253) + (
        [] if good else [Misspelt(f"must be lower case letters, digits, '_', '-' or '.', and {_ALPHANUMERIC_ENDS}")]
    )


def wildcard_subdomain(value: str) -> list[str]:
    """A host of which the first label, and only it, is `*`."""
    good = re.fullmatch(_WILDCARD, value)
    return _refuse_longer(value, 253) + (
        [] if good else [Misspelt("must start with '*.', followed by a valid DNS subdomain")]
    )


def qualified_name(value: str) -> list[str]:
    """A label key: a name, or a domain and a name with `/` between."""
    prefix, slash, name = value.rpartition("/")
    if "/" in prefix:
        return ["must be a name, or a domain and a name with '/' between"]
    complaints = []
    if slash:
        complaints = (
            ["prefix part must be non-empty"] if not prefix else [f"prefix part {why}" for why in dns_subdomain(prefix)]
        )
    if not name:
        return [*complaints, "name part must be non-empty"]
    complaints += [f"name part {why}" for why in _refuse_longer(name, 63)]
    return complaints if re.fullmatch(_NAME_PART, name) else [*complaints, f"name part {_QUALIFIED}"]


def label_value(value: str) -> list[str]:
    """The value of a label."""
    good = not value or re.fullmatch(_NAME_PART, value)
    return _refuse_longer(value, 63) + ([] if good else [f"must be empty or {_QUALIFIED.removeprefix('must ')}"])


def port_name(value: str) -> list[str]:
    """The name of a container port (IANA_SVC_NAME)."""
    complaints = _refuse_longer(value, 15)
    if not re.fullmatch(_PORT_NAME, value):
        complaints.append(Misspelt("must contain only lower case letters, digits and hyphens"))
    if not any("a" <= letter <= "z" for letter in value):
        complaints.append(Misspelt("must contain at least one letter"))
    if "--" in value:
        complaints.append("must not contain consecutive hyphens")
    if value[:1] == "-" or value[-1:] == "-":
        complaints.append("must not begin or end with a hyphen")
    return complaints


def config_key(value: str) -> list[str]:
    """A key of a ConfigMap or a Secret."""
    complaints = _refuse_longer(value, 253)
    if not re.fullmatch(_CONFIG_KEY, value):
        complaints.append("must consist of letters, digits, '-', '_' or '.'")
    return complaints + _steps_up(value)


def environment_name(value: str) -> list[str]:
    """The name of an environment variable, as servers before 1.32 want it."""
    good = re.fullmatch(_ENVIRONMENT, value)
    return (
        [] if good else ["must consist of letters, digits, '_', '-' or '.', and not start with a digit"]
    ) + _steps_up(value)


def relaxed_environment_name(value: str) -> list[str]:
    """The name of an environment variable: any printable ASCII but `=`."""
    return [] if re.fullmatch(_PRINTABLE, value) else ["must be non-empty printable ASCII without '='"]


def header_name(value: str) -> list[str]:
    """The name of an HTTP header."""
    return [] if re.fullmatch(_HEADER, value) else ["must consist of letters, digits or '-'"]


def path_segment(value: str) -> list[str]:
    """A name that can stand in a URL path."""
    if value in (".", ".."):
        return [f"may not be '{value}'"]
    return [f"may not contain '{sign}'" for sign in "/%" if sign in value]


def domain_prefixed_path(value: str) -> list[str]:
    """A domain and a path, such as `acme.io/foo`."""
    host, _, path = value.partition("/")
    if not host or not path:
        return ["must be a domain-prefixed path (such as acme.io/foo)"]
    return dns_subdomain(host) + (
        [] if re.fullmatch(_PATH, path) else ["path holds characters that a URL path may not"]
    )


def as_prefix(check: Check) -> Check:
    """The check of a `generateName`, to which letters and digits will be appended."""
    return lambda value: check(value.removesuffix("-") + "a" if value.endswith("-") else value)


def validate_name(node: Node, check: Check, reason: Reason = Reason.VALUE) -> Iterator[Violation]:
    """The complaints of `check` about a text field that is set."""
    value = node.text
    if is_set(value):
        for why in check(value):
            yield invalid(node, why, reason)


def require_name(node: Node, check: Check, reason: Reason = Reason.VALUE) -> Iterator[Violation]:
    """As `named`, where the field must be set."""
    if equals(node.text, ""):
        yield required(node, reason=reason)
    yield from validate_name(node, check, reason)


def _refuse_longer(value: str, limit: int) -> list[str]:
    return [f"must be no more than {limit} characters"] if len(value.encode()) > limit else []


def _steps_up(value: str) -> list[str]:
    if value in (".", ".."):
        return [f"must not be '{value}'"]
    return ["must not start with '..'"] if value.startswith("..") else []
