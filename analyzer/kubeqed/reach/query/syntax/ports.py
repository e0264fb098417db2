"""What people type for ports: `80`, `tcp/80`, `udp/8000-8999`, `TCP 80,443`."""

from __future__ import annotations

import re

from kubeqed.parse import parse_whole_number
from kubeqed.reach.algebra.ports import EMPTY, HIGHEST, PROTOCOLS, PortSet, all_ports_of, make_ports, union, union_of

_PORT = re.compile(
    r"(?:(?P<before>[A-Za-z]+)[/: -]?)?(?P<low>[0-9]+)(?:-(?P<high>[0-9]+))?(?:/(?P<after>[A-Za-z]+))?\Z"
)
_NAME = re.compile(r"[a-z0-9-]*[a-z][a-z0-9-]*\Z")
_EXAMPLES = "write 80, tcp/80 or udp/8000-8999"


class PortSyntaxError(ValueError):
    """The text names no ports; the message says why."""


def parse_ports(text: str, usual: str = "") -> PortSet:
    """The ports that `text` names; without a protocol those of the `usual` one, or of all three.

    Several stand behind commas, and one without a protocol has that of the one before. Raises PortSyntaxError.
    """
    found, protocol = EMPTY, usual
    for part in text.split(","):
        protocol, several = _parse_part(part.strip(), protocol)
        found = union(found, several)
    return found


def _parse_part(text: str, usual: str) -> tuple[str, PortSet]:
    """One protocol and its ports, of `TCP/80-90`, `80` or `UDP`."""
    if text.upper() in PROTOCOLS:
        return text.upper(), all_ports_of(text.upper())
    match = _PORT.match(text)
    if match is None:
        raise PortSyntaxError(_explain_refusal(text))
    named = {one.upper() for one in (match["before"], match["after"]) if one}
    protocol = named.pop() if len(named) == 1 else usual
    if named or (protocol and protocol not in PROTOCOLS):
        raise PortSyntaxError(f"{text!r} names no protocol of ports: TCP, UDP or SCTP")
    low, high = parse_whole_number(match["low"]), parse_whole_number(match["high"] or match["low"])
    if low > high:
        raise PortSyntaxError(f"{text!r} ends before it starts; write {high}-{low}")
    if not 1 <= low <= high <= HIGHEST:
        raise PortSyntaxError(f"{text!r} is no port: ports are 1 to {HIGHEST}")
    return protocol, union_of(make_ports(one, low, high) for one in PROTOCOLS if protocol in ("", one))


def _explain_refusal(text: str) -> str:
    if _NAME.match(text):
        return f"{text!r} is a name, and each pod gives it a number of its own; {_EXAMPLES}"
    return f"{text!r} is no port; {_EXAMPLES}"
