"""Whether a NetworkPolicy applies to some pod, and whether a peer of its rules means one.

https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.networkpolicy import NetworkPolicy, NetworkPolicyPeer
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.poddisruptionbudget import PodDisruptionBudget
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.match import Match, match_any, same_value
from kubeqed.parse import Place, Unknown
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.run_time_labels import is_given_at_run_time
from kubeqed.prove.engine.answer import HOLDS, Decision
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import elsewhere_unknown
from kubeqed.prove.engine.formula import Fact, Holds, Or
from kubeqed.resolve import Resolver
from kubeqed.resolve.missing.policy_peers import AskedPods, explain_unmet_namespaces, explain_unmet_pods
from kubeqed.resolve.missing.reference import MissingReference
from kubeqed.resolve.namespaces import known_namespaces, match_namespace
from kubeqed.resolve.selection import pod_label

_NO_POD = "no pod"


class UnmetSelectorAnswer(MissingAnswer):
    """Whether a selector matches something; `what` it matches says it in words."""

    def __init__(
        self,
        decision: Decision,
        policy: Object,
        selector: LabelSelector | None = None,
        missing: MissingReference | None = None,
        what: str = "",
    ) -> None:
        super().__init__(decision, missing)
        self.what = what
        self._policy = policy
        self._selector = selector

    @property
    def stands_elsewhere(self) -> bool:
        """Whether pods were meant that stand in another namespace."""
        found = self.missing.candidate if self.missing else None
        return self.what == _NO_POD and found is not None and found.path == "metadata.namespace"

    @property
    def place(self) -> Place:
        """Where it is at fault: the entry that the pods meant do not have; of pods in another namespace, the selector."""
        selector, found = self._selector, self.missing.candidate if self.missing else None
        if selector is None:
            return self._policy.at("spec")
        entries = selector.single_values()
        if self.stands_elsewhere:
            return self._policy.key_at(selector.path)
        workload = found.object if found else None
        lacking = [
            path
            for key, (value, path) in entries.items()
            if isinstance(workload, Workload) and same_value(value, pod_label(workload, key)) is Match.NO
        ]
        chosen = [*lacking, *(path for _, path in entries.values()), selector.path][0]
        is_list = chosen in {f"{one.path}.values" for one in selector.requirements}
        return self._policy.at(f"{chosen}[0]" if is_list else chosen)


class PolicySelectsPods(NamedTuple):
    """The podSelector of a NetworkPolicy matches the pods of some workload of its namespace."""

    policy: NetworkPolicy

    def answer(self, graph: Resolver) -> UnmetSelectorAnswer:
        """Depends, in an open world, on pods outside the input. Holds where no pod is expected."""
        policy, selector = self.policy, self.policy.pod_selector
        asked = AskedPods(policy, selector, policy.namespace)
        return _ask_for_pods(graph, asked, [policy.namespace])


class BudgetSelectsPods(NamedTuple):
    """The selector of a PodDisruptionBudget matches the pods of some workload of its namespace."""

    budget: PodDisruptionBudget

    def answer(self, graph: Resolver) -> UnmetSelectorAnswer:
        """Depends, in an open world, on pods outside the input. Holds for one that selects all, and for one without selector."""
        budget = self.budget
        if budget.selector is None:
            return UnmetSelectorAnswer(HOLDS, budget)
        return _ask_for_pods(graph, AskedPods(budget, budget.selector, budget.namespace), [budget.namespace])


class PeerSelectsPods(NamedTuple):
    """A peer of a rule means some pod, and its namespaceSelector some namespace."""

    policy: NetworkPolicy
    peer: NetworkPolicyPeer

    def answer(self, graph: Resolver) -> UnmetSelectorAnswer:
        """Depends, in an open world, on pods and namespaces outside the input. Holds for those that are not known here."""
        policy, (_, pods, namespaces, block) = self
        if block is not None:
            return UnmetSelectorAnswer(HOLDS, policy)
        within: list[str | Unknown | None] = [policy.namespace]
        if namespaces is not None:
            known = {one: match_namespace(graph, namespaces, one) for one in sorted(known_namespaces(graph))}
            within = [one for one, match in known.items() if match is not Match.NO]
            if Match.YES not in known.values() and namespaces.is_read:
                answer = _ask_for_namespace(graph, policy, namespaces)
                if not (answer.holds and within):
                    return answer
        if pods is None:
            return UnmetSelectorAnswer(HOLDS, policy)
        return _ask_for_pods(graph, AskedPods(policy, pods, within[0]), within)


def _ask_for_pods(graph: Resolver, asked: AskedPods, within: list[str | Unknown | None]) -> UnmetSelectorAnswer:
    policy, selector, namespace = asked
    entries = selector.single_values()
    if (
        selector.is_empty
        or not selector.is_read
        or any(is_given_at_run_time(key, value) for key, (value, _) in entries.items())
    ):
        return UnmetSelectorAnswer(HOLDS, policy)
    if any(_is_in(item, within) is not Match.NO for item, _ in graph.match_workloads(selector)):
        return UnmetSelectorAnswer(HOLDS, policy)
    missing = explain_unmet_pods(graph, asked)
    around = graph.input.neighbourhood(graph.unit)
    expected = len(within) == 1 and any(same_value(item.namespace, namespace) is Match.YES for item in around)
    if missing.candidate is None and not expected:
        return UnmetSelectorAnswer(HOLDS, policy)
    return _make_answer(graph, policy, selector, missing, _NO_POD)


def _is_in(item: Workload, within: list[str | Unknown | None]) -> Match:
    return match_any(same_value(item.namespace, one) for one in within)


def _ask_for_namespace(graph: Resolver, policy: NetworkPolicy, selector: LabelSelector) -> UnmetSelectorAnswer:
    missing = explain_unmet_namespaces(graph, selector)
    if missing.candidate is None:
        return UnmetSelectorAnswer(HOLDS, policy)
    return _make_answer(graph, policy, selector, missing, "no namespace")


def _make_answer(
    graph: Resolver, policy: Object, selector: LabelSelector, missing: MissingReference, what: str
) -> UnmetSelectorAnswer:
    none = Fact(False, f"{what} of the unit {graph.unit.root} has these labels", policy.at(selector.path))
    unseen = elsewhere_unknown(
        graph.unit, f"a {what.removeprefix('no ')} outside the manifests read that {policy} means"
    )
    return UnmetSelectorAnswer(decide(Or((Holds(none), Holds(unseen)))), policy, selector, missing, what)
