"""The policies of a unit in their one form, the terms they are made of, and its pods as these see them: for `prove`.

What is asked about all packets, of any pod there may be, starts from what the engine reads, so that the two cannot differ
in what a policy means.
"""

from __future__ import annotations

from kubeqed.reach.algebra.addresses import cut_atoms, format_address
from kubeqed.reach.algebra.label_space import Labels, find_labels
from kubeqed.reach.algebra.ports import PROTOCOLS, make_ports
from kubeqed.reach.algebra.terms import (
    EVERYTHING,
    AddressTerm,
    PodTerm,
    PortTerms,
    Requirements,
    RequirementTerm,
    Term,
    are_met,
    encode_selector,
    names_unknown,
)
from kubeqed.reach.algebra.tokens import OTHER
from kubeqed.reach.engine.policies import CompiledPolicies, compile_policies
from kubeqed.reach.engine.reachability import CompiledUnit, Reachability, compile_unit, divide_pods
from kubeqed.reach.namespaces import NAME_LABEL, namespace_labels
from kubeqed.reach.policy.compiled import CompiledPolicy, CompiledRule, Direction, Tier
from kubeqed.reach.remedy.edit import PolicyEdit
from kubeqed.reach.remedy.manifest import (
    name_of,
    peers_key,
    write_admin_rule,
    write_ip_blocks,
    write_networkpolicy,
    write_networks,
    write_rule,
)
from kubeqed.reach.topology.classes import ClassKey, PodClass

__all__ = [
    "EVERYTHING",
    "NAME_LABEL",
    "OTHER",
    "PROTOCOLS",
    "AddressTerm",
    "ClassKey",
    "CompiledPolicies",
    "CompiledPolicy",
    "CompiledRule",
    "CompiledUnit",
    "Direction",
    "Labels",
    "PodClass",
    "PodTerm",
    "PolicyEdit",
    "PortTerms",
    "Reachability",
    "RequirementTerm",
    "Requirements",
    "Term",
    "Tier",
    "are_met",
    "compile_policies",
    "compile_unit",
    "cut_atoms",
    "divide_pods",
    "encode_selector",
    "find_labels",
    "format_address",
    "make_ports",
    "name_of",
    "names_unknown",
    "namespace_labels",
    "peers_key",
    "write_admin_rule",
    "write_ip_blocks",
    "write_networkpolicy",
    "write_networks",
    "write_rule",
]
