"""What a repository says of the API server that takes its manifests: the flags of kubeadm, k3s, Talos, kind, kOps and others.

Each tool spells the flags in its own way, and most of these files are no manifests, so they are looked for in the text
of every file. A repository may hold several clusters, and other people's examples: a flag counts only where it makes
the server accept more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from kubeqed.late_pattern import compile_late
from kubeqed.model.cluster import DEFAULT_NODE_PORTS, Cluster, PortRange, Stated
from kubeqed.model.file_names import is_configuration
from kubeqed.parse import Parsed, Place, pack

# `flag: x`, `flag=x`, `"flag", "value": "x"` and, in kubeadm's list of arguments, `name: flag` above `value: x`.
_IS = r"""["']?(?:[ \t]*[:=]|,?\s+["']?value["']?:)[ \t]*["']?"""
_NODE_PORTS = rf"(?:service-node-port-range|serviceNodePortRange|node_port_range){_IS}(\d{{1,5}})-(\d{{1,5}})\b"
_COMMENT = compile_late(r"(?m)^[ \t]*#.*$")
# https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/: each as it makes the server lenient.
_GATES = {
    gate: rf"{gate}{_IS}{lenient}\b"
    for gate, lenient in (
        ("HPAScaleToZero", "true"),
        ("RelaxedDNSSearchValidation", "true"),
        ("RelaxedEnvironmentVariableValidation", "true"),
        ("RelaxedServiceNameValidation", "true"),
        ("StrictIPCIDRValidation", "false"),
    )
}


class ServerFacts(NamedTuple):
    """What one file says: its node port range, and the feature gates that it sets so that the server accepts more."""

    node_ports: Stated[PortRange] | None = None
    gates: frozenset[str] = frozenset()


def find_server_facts(parsed: Parsed) -> ServerFacts:
    """The flags in the text of a file, without its comments."""
    gates = [gate for gate in _GATES if gate in parsed.text]
    if is_configuration(parsed.file) or (not gates and "ode" not in parsed.text):
        return ServerFacts()
    text = _COMMENT.sub("", parsed.text)
    return ServerFacts(
        _node_ports(parsed.file, text), frozenset(gate for gate in gates if re.search(_GATES[gate], text))
    )


def _node_ports(file: str, text: str) -> Stated[PortRange] | None:
    """From the lowest to the highest number that a range of the text names, placed at the first."""
    found = list(re.finditer(_NODE_PORTS, text))
    if not found:
        return None
    start = found[0].start()
    line_start = text.rfind("\n", 0, start) + 1
    mark = pack(text.count("\n", 0, start), start - line_start, found[0].end() - line_start)
    ranges = [PortRange(int(match[1]), int(match[2])) for match in found]
    return Stated(_span_ranges(ranges), Place(file, 0, mark))


def apply_server_facts(cluster: Cluster, facts: Iterable[ServerFacts]) -> Cluster:
    """The cluster, with what its user does not state taken from the repository."""
    known = [fact for fact in facts if fact != ServerFacts()]
    if not known:
        return cluster
    return replace(
        cluster,
        gates=cluster.gates.union(*(fact.gates for fact in known)),
        node_port_range=cluster.node_port_range or _find_widest([fact.node_ports for fact in known if fact.node_ports]),
    )


def _find_widest(stated: list[Stated[PortRange]]) -> Stated[PortRange] | None:
    """The default range, widened to what any file states."""
    node_ports = _span_ranges([DEFAULT_NODE_PORTS, *(one.value for one in stated)])
    return None if node_ports == DEFAULT_NODE_PORTS else Stated(node_ports, stated[0].place)


def _span_ranges(ranges: list[PortRange]) -> PortRange:
    return PortRange(min(one.low for one in ranges), max(one.high for one in ranges))
