"""Sets with exact operations: ports, addresses, pods as bits, label selectors.

Nothing here knows Kubernetes objects. Sets of classes are integers, sets of ports and addresses are sorted intervals, so
that union, intersection and difference are exact and fast. `label_index` turns a selector into such an integer.
`label_space` goes the other way: from selectors to labels that tell them apart, for pods that no manifest shows. An unknown
name or value takes part as a token (`tokens`).

Other rooms see sets of ports and addresses, and how selectors and labels are written.
"""

from __future__ import annotations

from kubeqed.reach.algebra.addresses import (
    ALL_V4,
    ALL_V6,
    Range,
    Ranges,
    intersect,
    join_ranges,
    parse_cidr,
    split_apart,
    to_blocks,
    to_cidrs,
    without_holes,
)
from kubeqed.reach.algebra.ports import (
    ALL,
    EMPTY,
    PortSet,
    difference,
    format_ports,
    group_by_protocol,
    intersection,
    single_port,
    split_names,
    union,
    union_of,
)
from kubeqed.reach.algebra.terms import Spelling
from kubeqed.reach.algebra.tokens import display, encode

__all__ = [
    "ALL",
    "ALL_V4",
    "ALL_V6",
    "EMPTY",
    "PortSet",
    "Range",
    "Ranges",
    "Spelling",
    "difference",
    "display",
    "encode",
    "format_ports",
    "group_by_protocol",
    "intersect",
    "intersection",
    "join_ranges",
    "parse_cidr",
    "single_port",
    "split_apart",
    "split_names",
    "to_blocks",
    "to_cidrs",
    "union",
    "union_of",
    "without_holes",
]
