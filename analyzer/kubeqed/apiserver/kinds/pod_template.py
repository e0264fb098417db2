"""What the workloads share: a template, a selector that must select it, counts and rollout limits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from kubeqed.apiserver.formats.labels import validate_selector
from kubeqed.apiserver.formats.metadata import validate_template_metadata
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.spec import PodSpecUse, validate_pod_spec
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Misspelt, Violation, forbidden, invalid, required, unsupported
from kubeqed.diagnostic import Certainty
from kubeqed.late_pattern import compile_late
from kubeqed.model.values.known import UNKNOWN, equals, is_known, is_one_of, is_set, known_or
from kubeqed.model.values.match import Match, match_requirement, same_value
from kubeqed.parse import Fresh, Unknown, parse_whole_number

_PERCENT = compile_late(r"[0-9]+%")


def validate_template(node: Node, server: Server, use: PodSpecUse | None = None) -> Iterator[Violation]:
    """A pod template."""
    yield from validate_template_metadata(node["metadata"])
    yield from validate_pod_spec(node, server, use or PodSpecUse())
    if node["spec"]["ephemeralContainers"].filled:
        yield forbidden(node["spec"]["ephemeralContainers"], "ephemeral containers are not allowed in a pod template")


def require_always_restart(node: Node) -> Iterator[Violation]:
    """A template whose pods never end by themselves."""
    policy, deadline = node["spec"]["restartPolicy"], node["spec"]["activeDeadlineSeconds"]
    if is_one_of(policy.text, ("OnFailure", "Never")):
        yield unsupported(policy, ("Always",))
    if deadline.present:
        yield forbidden(deadline, "is only supported in Pods and Jobs")


def validate_selector_of_template(spec: Node, *, kind: str) -> Iterator[Violation]:
    """A selector that must be set, hold something, and select the template."""
    node = spec["selector"]
    if node.absent:
        yield required(node)
        return
    yield from validate_selector(node)
    if not is_selector(node):
        return
    if equals(node["matchLabels"].length, 0) and equals(node["matchExpressions"].length, 0):
        yield Violation(Reason.VALUE, node.path, f"sets {node.path} to an empty selector, which a {kind} may not have")
        return
    yield from require_match(spec)


def is_selector(node: Node) -> bool:
    """Whether the server goes on to the template: it does not where the selector itself is wrong."""
    return not any(fault.certainty is Certainty.REJECTED for fault in validate_selector(node))


def require_match(spec: Node) -> Iterator[Violation]:
    """The labels of the template against a selector with matchLabels and matchExpressions."""
    labels = spec["template"]["metadata"]["labels"]
    node = spec["selector"]
    mismatch = next(_find_mismatches(labels, node["matchLabels"]), None)
    if mismatch is not None:
        yield mismatch
        return
    for expression in node["matchExpressions"].items():
        if _fails_requirement(labels, expression):
            key, operator = expression["key"].text, expression["operator"].text
            text = known_or(key, "")
            yield _make_violation(labels, text, f"{text} {operator}", known_or(labels[text].text, ""))
            return


def require_plain_match(spec: Node) -> Iterator[Violation]:
    """The labels of the template against a plain map."""
    labels = spec["template"]["metadata"]["labels"]
    yield from islice(_find_mismatches(labels, spec["selector"]), 1)


def _find_mismatches(labels: Node, selector: Node) -> Iterator[Violation]:
    for key, wanted in selector.entries():
        found = _find_other_value(labels, key, wanted)
        if found is not None:
            yield _make_violation(labels, key, f"{key}: {wanted.text}", found)


def _find_other_value(labels: Node, key: str, wanted: Node) -> str | None:
    """The value that the label has instead, "" when it has none; None when it is as wanted, or may be."""
    value = _value_of(labels, key)
    if value is None:
        return ""
    if isinstance(value, Unknown) or not is_known(wanted.text):
        return None
    return value if same_value(wanted.text, value) is Match.NO else None


def _fails_requirement(labels: Node, expression: Node) -> bool:
    key, operator, values = expression["key"].text, expression["operator"].text, expression["values"]
    if not is_set(key):
        return False
    value: str | Unknown | None = _value_of(labels, key)
    if isinstance(value, Unknown) and is_one_of(operator, ("Exists", "DoesNotExist")) and key in dict(labels.entries()):
        value = ""  # it is written, whatever its value turns out to be
    unknown = Unknown(Fresh(key), key)
    listed: list[str | Unknown] = [item.text if is_known(item.text) else unknown for item in values.items()]
    if not is_known(values.length):
        listed.append(unknown)  # it may hold more
    return match_requirement(known_or(operator, ""), listed, value) is Match.NO


def _value_of(labels: Node, key: str) -> str | Unknown | None:
    label = labels[key]
    if label.absent and key not in dict(labels.entries()):
        return None
    return label.text


def _make_violation(labels: Node, key: str, wanted: str, found: str) -> Violation:
    """The complaint, at the label that has another value, where there is one."""
    message = f"selects {wanted}, but its template {f'has {found}' if found else 'lacks it'}"
    place = labels[key].path if found else None
    return Violation(Reason.TEMPLATE_LABELS, labels.path, message, missing=not found, place=place)


def refuse_negative(spec: Node, *keys: str) -> Iterator[Violation]:
    """Numbers that may not be below zero."""
    for key in keys:
        if known_or(spec[key].number, 0) < 0:
            yield invalid(spec[key], "must be greater than or equal to 0")


def validate_share(node: Node, *, at_most_all: bool = False) -> Iterator[Violation]:
    """A count or a percentage."""
    value = node.value
    if isinstance(value, str):
        if not _PERCENT.fullmatch(value):
            yield invalid(node, Misspelt("must be an integer or a percentage such as 5%"))
        elif at_most_all and parse_whole_number(value[:-1]) > 100:
            yield invalid(node, "must not be greater than 100%")
    elif known_or(node.number, 0) < 0:
        yield invalid(node, "must be greater than or equal to 0")


def parse_amount(node: Node, default: int) -> int | Unknown:
    """The number in a count or a percentage; a malformed one is unknown."""
    value = node.value
    if value is None:
        return default
    if isinstance(value, str):
        return parse_whole_number(value[:-1]) if _PERCENT.fullmatch(value) else UNKNOWN
    return node.number


def validate_strategy_type(node: Node, words: tuple[str, ...]) -> Iterator[Violation]:
    """`type` of an update strategy; the server names the strategy."""
    kind = node["type"]
    if is_set(kind.text) and kind.text not in words:
        what = f'sets {kind.path} to "{kind.text}": supported values are {", ".join(words)}'
        yield Violation(Reason.VALUE, node.path, what, place=kind.path)
