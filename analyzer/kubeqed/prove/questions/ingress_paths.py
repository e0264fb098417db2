"""Whether each path of an Ingress is taken once, and is what its type says.

https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from kubeqed.late_pattern import compile_late
from kubeqed.model.kinds.ingress import Ingress
from kubeqed.model.values.hostnames import ingress_hosts_meet
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Unknown
from kubeqed.prove.clauses.ingress_path import PathOfIngress, lead_elsewhere
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.resolve import Resolver
from kubeqed.resolve.ingress_classes import find_serving

_PATTERN = compile_late(r"[\[\](){}|^$\\+]|\.\*|\*")
_LITERAL = ("Exact", "Prefix")
_OF_NGINX = "ingress-nginx"


class PathAnswer(Answer):
    """Whether a path is taken once; `first` is the one before it."""

    def __init__(self, decision: Decision, first: PathOfIngress | None = None) -> None:
        super().__init__(decision)
        self._first = first

    @property
    def first(self) -> PathOfIngress:
        """The same path before it; LookupError when the property holds."""
        if self._first is None:
            raise LookupError("the path is taken once")
        return self._first


class PathTakenOnce(NamedTuple):
    """No path before this one, in source order, has its class, host, path and type and leads elsewhere."""

    path: PathOfIngress

    def answer(self, graph: Resolver) -> PathAnswer:
        """Fails where all of them are known; holds for canaries, masters and minions, and behind load balancers of their own."""
        key = _identify_path(self.path)
        for other in _by_identity(graph).get(key, ()) if key else ():
            if other is self.path:
                break
            if lead_elsewhere(self.path, other) and _may_meet(graph, self.path, other.ingress):
                return PathAnswer(Decision(Verdict.FAILS), other)
        return PathAnswer(HOLDS)


class LiteralAnswer(Answer):
    """Whether a path is what its type says; `is_refused` says that a controller refuses the Ingress."""

    def __init__(self, decision: Decision, *, is_refused: bool = False) -> None:
        super().__init__(decision)
        self.is_refused = is_refused


class PathIsLiteral(NamedTuple):
    """A path of type Exact or Prefix is no pattern: both are compared as they are written."""

    path: PathOfIngress

    def answer(self, graph: Resolver) -> LiteralAnswer:
        """Fails for what looks like a pattern."""
        entry = self.path.entry
        literal = isinstance(entry.type, str) and entry.type in _LITERAL
        if not literal or not isinstance(entry.value, str) or not _PATTERN.search(entry.value):
            return LiteralAnswer(HOLDS)
        serving = find_serving(graph, self.path.ingress) or ()
        refused = any(one.id == _OF_NGINX for one in serving)
        return LiteralAnswer(Decision(Verdict.FAILS), is_refused=refused)


def list_paths(graph: Resolver) -> tuple[PathOfIngress, ...]:
    """The paths of all Ingresses of a unit, in source order."""
    return _list_paths(graph)


@lru_cache(maxsize=2)  # identity tells the paths apart
def _list_paths(graph: Resolver) -> tuple[PathOfIngress, ...]:
    return tuple(
        PathOfIngress(ingress, rule, entry)
        for ingress in graph.unit.of(Ingress)
        for rule in ingress.rules
        for entry in rule.paths
    )


@lru_cache(maxsize=2)
def _by_identity(graph: Resolver) -> dict[tuple[str, ...], list[PathOfIngress]]:
    found: dict[tuple[str, ...], list[PathOfIngress]] = defaultdict(list)
    for path in _list_paths(graph):
        if (key := _identify_path(path)) is not None:
            found[key].append(path)
    return found


def _identify_path(path: PathOfIngress) -> tuple[str, ...] | None:
    """Class, host, path and type; None where one of them is not known, or where several Ingresses share a path on purpose."""
    ingress, named = path.ingress, path.ingress.named_class
    if ingress.is_merged or ingress.annotations.more is not None or path.entry.backend is None:
        return None
    values = (None if named is None else named.name, path.rule.host, path.entry.value, path.entry.type)
    known = ["" if value is None else value for value in values if not isinstance(value, Unknown)]
    return tuple(known) if len(known) == len(values) else None


def _may_meet(graph: Resolver, one: PathOfIngress, other: Ingress) -> bool:
    """Whether the requests of two Ingresses meet: they are two objects, behind one address or of one host.

    A load balancer outside of the cluster is made for each Ingress, and so is what an unknown class makes where no host is stated.
    """
    ingress = one.ingress
    if ingress is other:
        return True
    names, places = same_value(ingress.name, other.name), same_value(ingress.namespace, other.namespace)
    if names is not Match.NO and places is not Match.NO:
        return False  # one may be the other in a variant
    serving = find_serving(graph, ingress)
    return one.rule.host is not None if serving is None else not any(found.outside for found in serving)


class TlsHostRouted(NamedTuple):
    """A rule of an Ingress leads to a host for which the Ingress has a certificate."""

    ingress: Ingress
    host: str | Unknown

    def answer(self, graph: Resolver) -> Answer:  # noqa: ARG002  # the Ingress alone decides
        """Holds where a rule is for every host or for one that is not known, and where there are no rules."""
        hosts = [rule.host for rule in self.ingress.rules]
        known = [host for host in hosts if isinstance(host, str) and host]
        others = self.ingress.rules.more is not None or self.ingress.default_backend is not None
        if not isinstance(self.host, str) or not known or others or len(known) < len(hosts) or self.ingress.is_merged:
            return Answer(HOLDS)
        met = any(ingress_hosts_meet(self.host, host) for host in known)
        return Answer(HOLDS if met else Decision(Verdict.FAILS))
