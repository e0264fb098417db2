"""Whether a selector of a NetworkPolicy can be met by any labels, and a block holds any address.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.kinds.networkpolicy import IPBlock, NetworkPolicy
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.values.known import is_known
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.formula import Fact
from kubeqed.reach.algebra import parse_cidr, without_holes
from kubeqed.reach.policies import Requirements, encode_selector, find_labels, names_unknown
from kubeqed.resolve import Resolver


class SelectionAnswer(Answer):
    """Whether something is matched; `path` is the field because of which nothing is, `reason` says how."""

    def __init__(self, decision: Decision, path: str = "", reason: str = "") -> None:
        super().__init__(decision)
        self.path = path
        self.reason = reason


class SelectionMatches(NamedTuple):
    """A selector can be met by some labels, or a block holds an address."""

    policy: NetworkPolicy
    selection: LabelSelector | IPBlock

    def answer(self, _: Resolver) -> SelectionAnswer:
        """Holds where a value of it is not known."""
        found = _find_gap(self.selection)
        if found is None:
            return SelectionAnswer(HOLDS)
        path, reason = found
        fact = Fact(False, f"{self.policy} {self.selection.path} can be met: {reason}", self.policy.at(path))
        return SelectionAnswer(Decision(Verdict.FAILS, (fact,)), path, reason)


def list_selections(policy: NetworkPolicy) -> Iterator[LabelSelector | IPBlock]:
    """The selectors and blocks of a policy: its podSelector, and those of its peers."""
    yield policy.pod_selector
    for rule in (*policy.ingress, *policy.egress):
        for peer in rule.peers:
            yield from (one for one in (peer.pod_selector, peer.namespace_selector, peer.ip_block) if one is not None)


def _find_gap(selection: LabelSelector | IPBlock) -> tuple[str, str] | None:
    """The field because of which nothing is matched, and how; None where something may be."""
    if isinstance(selection, IPBlock):
        return _find_empty_block(selection)
    asked = encode_selector(selection)
    if not is_known(asked) or names_unknown(asked) or find_labels(asked) is not None:
        return None
    key = next(one.key for one in asked if find_labels(_of_key(asked, one.key)) is None)
    expressions = [one for one in selection.requirements if isinstance(one.key, str) and one.key == key]
    return expressions[-1].path, f"no value of the label {key} meets all that is asked of it"


def _of_key(asked: Requirements, key: str) -> Requirements:
    return tuple(one for one in asked if one.key == key)


def _find_empty_block(block: IPBlock) -> tuple[str, str] | None:
    whole = parse_cidr(block.cidr) if isinstance(block.cidr, str) else None
    holes = [parse_cidr(one) if isinstance(one, str) else None for one in block.exceptions]
    if whole is None or block.exceptions.more is not None:
        return None
    if without_holes(whole, [one for one in holes if one is not None]):
        return None
    return f"{block.path}.except", f"every address of {block.cidr} is excepted"
