"""Who can send what to whom: exact, and compressed into classes so that it stays fast.

Pods become classes that no policy tells apart, policies become sets of classes with sets of ports, and the answer is a
list of rectangles (sources, destinations, ports). Pairs are made only on request. One engine
answers the list, the point query, the explanation and the difference of two versions.

Semantics are those of the specification; what depends on the CNI is an assumption that the caller states. What the
manifests leave open is never guessed silently: a value that is unknown equals nothing, and a caveat says so.

Other rooms import from here and from four more doors: `algebra` (sets of ports and addresses), `verdicts` (one pair),
`differences` (two versions) and `policies` (the one form of policies), which `reach` itself needs not load.
"""

from __future__ import annotations

from kubeqed.reach.caveats.hidden_clients import find_hidden_clients
from kubeqed.reach.caveats.limits import find_missing
from kubeqed.reach.caveats.other_ports import find_undeclared_ports
from kubeqed.reach.caveats.policy_limits import PodsAsked, PolicyLimits, find_policy_limits
from kubeqed.reach.caveats.superseded import last_definitions
from kubeqed.reach.caveats.unmodelled import UnmodelledPolicy
from kubeqed.reach.namespaces import NAME_LABEL, namespace_of
from kubeqed.reach.peer import NAME_OF_CONTROLLER, WHOLE_CLUSTER, Group, Peer, Representative
from kubeqed.reach.policy.assumptions import Assumptions, assumptions_of_cluster
from kubeqed.reach.policy.compiled import Caveat, CompiledPolicy, CompiledRule, Direction
from kubeqed.reach.query.answer import Connection, ConnectionQuery, ReachResult, find_peers
from kubeqed.reach.query.exposure import DirectionExposure, OpenPorts
from kubeqed.reach.query.guesses import Guesses, find_guesses
from kubeqed.reach.query.listing import ConnectionListing, UnitConnections, list_connections
from kubeqed.reach.query.pairs import PairConnection, format_range
from kubeqed.reach.query.placed import PlacementCondition
from kubeqed.reach.query.policy_doubts import PolicyDoubt
from kubeqed.reach.query.syntax.peers import NO_POD, explain_unknown_peer, parse_peer
from kubeqed.reach.query.syntax.ports import PortSyntaxError, parse_ports
from kubeqed.reach.query.tiers import (
    Comparisons,
    PriorityClash,
    RuleOfTier,
    Shadowed,
    find_priority_clashes,
    find_shadowed_rules,
)
from kubeqed.reach.query.well_known import (
    CutOff,
    find_blocked_entries,
    find_without_cache,
    find_without_dns,
    is_of_known_pods,
    list_isolating,
    names_dns,
)
from kubeqed.reach.topology.endpoints import Endpoint

__all__ = [
    "NAME_LABEL",
    "NAME_OF_CONTROLLER",
    "NO_POD",
    "WHOLE_CLUSTER",
    "Assumptions",
    "Caveat",
    "Comparisons",
    "CompiledPolicy",
    "CompiledRule",
    "Connection",
    "ConnectionListing",
    "ConnectionQuery",
    "CutOff",
    "Direction",
    "DirectionExposure",
    "Endpoint",
    "Group",
    "Guesses",
    "OpenPorts",
    "PairConnection",
    "Peer",
    "PlacementCondition",
    "PodsAsked",
    "PolicyDoubt",
    "PolicyLimits",
    "PortSyntaxError",
    "PriorityClash",
    "ReachResult",
    "Representative",
    "RuleOfTier",
    "Shadowed",
    "UnitConnections",
    "UnmodelledPolicy",
    "assumptions_of_cluster",
    "explain_unknown_peer",
    "find_blocked_entries",
    "find_guesses",
    "find_hidden_clients",
    "find_missing",
    "find_peers",
    "find_policy_limits",
    "find_priority_clashes",
    "find_shadowed_rules",
    "find_undeclared_ports",
    "find_without_cache",
    "find_without_dns",
    "format_range",
    "is_of_known_pods",
    "last_definitions",
    "list_connections",
    "list_isolating",
    "names_dns",
    "namespace_of",
    "parse_peer",
    "parse_ports",
]
