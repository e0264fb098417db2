"""Policies of a Job: what the failure or the success of its pods means, and when a pod is replaced.

Ported from pkg/apis/batch/validation of k8s.io/kubernetes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubeqed.apiserver.formats.names import qualified_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, duplicate, invalid, required, unsupported
from kubeqed.model.values.known import all_known, equals, is_known, is_set, known_or
from kubeqed.parse import Unknown, parse_whole_number

_ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
_OPERATORS = ("In", "NotIn")
_STATUSES = ("False", "True", "Unknown")
_REPLACEMENTS = ("Failed", "TerminatingOrFailed")
_MOST_RULES = 20
_MOST_CODES = 255
_LONGEST_INDEXES = 64 * 1024


def validate_job_policies(spec: Node, server: Server) -> Iterator[Violation]:
    """The three policies."""
    failure, success, replacement = spec["podFailurePolicy"], spec["successPolicy"], spec["podReplacementPolicy"]
    if failure.present:
        yield from _validate_failure_rules(failure["rules"], spec)
    if success.present and equals(spec["completionMode"].text, "Indexed") and server.version >= (1, 31):
        yield from _validate_success_rules(success["rules"], spec)
    if replacement.present and is_known(replacement.text) and server.version >= (1, 29):
        words = _REPLACEMENTS[:1] if failure.present else _REPLACEMENTS
        if replacement.text not in words and (failure.present or failure.absent):
            yield unsupported(replacement, words)


def _validate_failure_rules(rules: Node, spec: Node) -> Iterator[Violation]:
    yield from _too_many(rules, _MOST_RULES)
    containers = all_known(spec["template"]["spec"][key].names() for key in ("containers", "initContainers"))
    for rule in rules.items():
        action, codes, conditions = rule["action"], rule["onExitCodes"], rule["onPodConditions"]
        if equals(action.text, ""):
            yield required(action)
        elif equals(action.text, "FailIndex") and spec["backoffLimitPerIndex"].absent:
            yield invalid(action, "requires backoffLimitPerIndex")
        elif is_set(action.text) and action.text not in _ACTIONS:
            yield unsupported(action, _ACTIONS)
        if codes.present:
            yield from _exit_codes(codes, containers)
        yield from _validate_conditions(conditions)
        if codes.present and conditions.filled:
            yield invalid(rule, "onExitCodes and onPodConditions are not supported together")
        if codes.absent and equals(conditions.length, 0):
            yield invalid(rule, "one of onExitCodes and onPodConditions is required")


def _too_many(node: Node, most: int) -> Iterator[Violation]:
    if known_or(node.length, 0) > most:
        yield invalid(node, f"must have at most {most} items")


def _validate_conditions(node: Node) -> Iterator[Violation]:
    yield from _too_many(node, _MOST_RULES)
    for pattern in node.items():
        kind, status = pattern["type"], pattern["status"]
        for why in qualified_name(kind.text) if is_known(kind.text) else ():
            yield invalid(kind, why)
        if is_set(status.text) and status.text not in _STATUSES:  # what is absent is True
            yield unsupported(status, _STATUSES)


def _exit_codes(node: Node, containers: list[frozenset[str]] | Unknown) -> Iterator[Violation]:
    operator, container, values = node["operator"], node["containerName"], node["values"]
    if equals(operator.text, ""):
        yield required(operator)
    elif is_set(operator.text) and operator.text not in _OPERATORS:
        yield unsupported(operator, _OPERATORS)
    if (
        container.present
        and is_known(container.text)
        and is_known(containers)
        and not any(container.text in names for names in containers)
    ):
        yield invalid(container, "is neither a container nor an initContainer of the template")
    if equals(values.length, 0):
        yield invalid(values, "at least one value is required")._replace(missing=True)
    yield from _too_many(values, _MOST_CODES)
    yield from _validate_values(values, is_in=equals(operator.text, "In"))


def _validate_values(node: Node, *, is_in: bool) -> Iterator[Violation]:
    seen: set[int] = set()
    for value in node.items():
        if not is_known(value.number):
            continue
        if is_in and value.number == 0:
            yield invalid(value, "must not be 0 for the operator In")
        if value.number in seen:
            yield duplicate(value)
        seen.add(value.number)
    numbers = all_known(value.number for value in node.items())
    if is_known(numbers) and numbers != sorted(numbers):
        yield invalid(node, "must be ordered")


def _validate_success_rules(rules: Node, spec: Node) -> Iterator[Violation]:
    if equals(rules.length, 0):
        yield required(rules, "at least one rule must be specified")
    yield from _too_many(rules, _MOST_RULES)
    completions = spec["completions"]
    total = 1 if completions.absent else completions.number
    for rule in rules.items():
        count, indexes = rule["succeededCount"], rule["succeededIndexes"]
        if count.absent and indexes.absent:
            yield required(rule, "at least one of succeededCount and succeededIndexes must be specified")
        if known_or(count.number, 0) < 0:
            yield invalid(count, "must be greater than or equal to 0")
        if is_known(total):
            yield from _validate_succeeded_count(count, indexes, total)


def _validate_succeeded_count(count: Node, indexes: Node, total: int) -> Iterator[Violation]:
    if count.present and known_or(count.number, 0) > total:
        yield invalid(count, f"must be at most the number of completions ({total})")
    if not indexes.present or not is_known(indexes.text):
        return
    if len(indexes.text.encode()) > _LONGEST_INDEXES:
        yield invalid(indexes, f"must be no more than {_LONGEST_INDEXES} characters")
    listed = _count_indexes(indexes.text, total)
    if listed is None:
        yield invalid(indexes, f"must list rising indexes below {total}, such as 0,2-3")
    if known_or(count.number, 0) > (listed or 0):
        yield invalid(count, f"must be at most the number of succeededIndexes ({listed or 0})")


def _count_indexes(text: str, total: int) -> int | None:
    """How many indexes are listed; None when that is no list of them."""
    last, number = -1 << 63, 0
    for interval in text.split(",") if text else ():
        match = re.fullmatch(r"([+]?[0-9]+)(?:-([+]?[0-9]+))?", interval)
        if match is None:
            return None
        first = parse_whole_number(match[1])
        end = parse_whole_number(match[2]) if match[2] else first
        if first <= last or first >= total or end >= total or (match[2] and first >= end):
            return None
        last, number = end, number + end - first + 1
    return number
