"""Whether some request reaches each path of an Ingress, or other paths of the host take them all before it.

By the specification the longest path goes first, and a Prefix compares elements, so that only a Prefix that differs by a slash at its
end takes all that another one does. ingress-nginx takes the paths of a host for patterns where an annotation asks for it.
https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.parse import Place, Unknown
from kubeqed.prove.clauses.ingress_path import PathOfIngress, lead_elsewhere
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.facts import make_fact
from kubeqed.prove.questions.ingress_paths import PathIsLiteral, PathTakenOnce, list_paths
from kubeqed.resolve import Resolver
from kubeqed.resolve.ingress_classes import find_serving

if TYPE_CHECKING:
    from kubeqed.prove.requests.host_paths import HostPaths

_OF_NGINX = "ingress-nginx"
_GAVE_UP = Decision(Verdict.GAVE_UP)


class ReachedAnswer(Answer):
    """Whether a request reaches a path. `takers` are the paths that take them all, `as_pattern` says that they are patterns.

    `by_known_rules` says that the controller is known to match so.
    """

    def __init__(
        self,
        decision: Decision,
        takers: Sequence[PathOfIngress] = (),
        *,
        as_pattern: bool = False,
        by_known_rules: bool = True,
    ) -> None:
        super().__init__(decision)
        self.takers = tuple(takers)
        self.as_pattern = as_pattern
        self.by_known_rules = by_known_rules

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        """Where the paths stand that take the requests."""
        return tuple((path.place, f"{path.shown} takes them") for path in self.takers)


class PathReached(NamedTuple):
    """Some request of its host reaches a path; the same path twice is another question."""

    path: PathOfIngress

    def answer(self, graph: Resolver) -> ReachedAnswer:
        """Fails where paths before it take all requests, and one of them leads elsewhere."""
        host = _group_by_host(graph).get(_identify_host(self.path))
        if host is None:
            return ReachedAnswer(HOLDS)
        from kubeqed.prove.requests.coverage import CoverageGaveUp  # as the paths of a host are

        serving = find_serving(graph, self.path.ingress)
        of_nginx = any(one.id == _OF_NGINX for one in serving or ())
        as_pattern = (serving is None or of_nginx) and host.has_patterns
        try:
            takers = host.find_before(self.path) if as_pattern else host.find_slashed(self.path)
        except CoverageGaveUp:
            return ReachedAnswer(_GAVE_UP)
        if not takers or not self._is_worth_saying(graph, takers):
            return ReachedAnswer(HOLDS)
        involved = (self.path, *takers)
        facts = tuple(make_fact(one.ingress, f"{one.entry.path}.path", one.entry.value) for one in involved)
        return ReachedAnswer(Decision(Verdict.FAILS, facts), takers, as_pattern=as_pattern, by_known_rules=of_nginx)

    def _is_worth_saying(self, graph: Resolver, takers: list[PathOfIngress]) -> bool:
        """Whether a request goes elsewhere than is written, and no other mistake of the same paths says so already."""
        if not any(lead_elsewhere(self.path, other) for other in takers):
            return False
        involved = (self.path, *takers)
        return PathTakenOnce(self.path).answer(graph).holds and all(
            PathIsLiteral(one).answer(graph).holds for one in involved
        )


@lru_cache(maxsize=2)
def _group_by_host(graph: Resolver) -> dict[tuple[str, str] | None, HostPaths]:
    found: dict[tuple[str, str] | None, list[PathOfIngress]] = defaultdict(list)
    for path in list_paths(graph):
        found[_identify_host(path)].append(path)
    several = {host: paths for host, paths in found.items() if host is not None and len(paths) > 1}
    if not several:
        return {}
    from kubeqed.prove.requests.host_paths import (
        HostPaths,  # with the languages of patterns, which a single path needs not
    )

    return {host: HostPaths(paths) for host, paths in several.items()}


def _identify_host(path: PathOfIngress) -> tuple[str, str] | None:
    """Class and host; None where one is not known, or where several Ingresses divide the requests of a path on purpose."""
    ingress, named, host = path.ingress, path.ingress.named_class, path.rule.host
    if ingress.is_merged or ingress.annotations.more is not None or isinstance(host, Unknown):
        return None
    if named is None:
        return "", (host or "").lower()
    return None if isinstance(named.name, Unknown) else (named.name, (host or "").lower())
