"""What is unknown is never judged: whatever is said with a field unknown is also said with the field as it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.apiserver.verdicts import ORACLE, SERVER, lines, manifest, rejected

from kubeqed.apiserver import admit
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.service.addresses import validate_allocation
from kubeqed.apiserver.service.node_ports import validate_node_ports
from kubeqed.cli import main
from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.object import Object
from kubeqed.parse import Fresh, Mapping, Sequence, Unknown, Value
from kubeqed.rule.reasons import RULE_OF_REASON

SAMPLE = Path(__file__).parent / "sample"
WRONG: tuple[Value, ...] = (True, 7, "a", Sequence(), Mapping())
Said = frozenset[tuple[str, str]]
Way = tuple[str | int, ...]


def texts() -> Iterator[str]:
    for path in sorted(SAMPLE.glob("*.yaml")):
        yield from path.read_text(encoding="utf-8").split("\n---\n")
    for recorded in (SAMPLE.parent / "fuzzed.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.dumps(json.loads(recorded)["manifest"])
    for line in lines("verdicts.jsonl"):
        yield (ORACLE / line["file"]).read_text(encoding="utf-8")
    for line in lines("gateway/verdicts.jsonl"):
        yield (ORACLE / "gateway" / line["file"]).read_text(encoding="utf-8")
    for number, line in enumerate(lines("fuzz.jsonl")):
        if number % 4 == 0:
            yield json.dumps(line["manifest"])


def said(item: Object, root: Mapping) -> Said:
    identity = item.identity
    found = admit(root, identity.group, identity.version, identity.kind, SERVER)
    return frozenset((RULE_OF_REASON[v.reason], v.path) for v in found if v.certainty is Certainty.REJECTED)


def hides_the_rest(item: Object, root: Mapping) -> bool:
    """Whether one refusal keeps the server from saying others, so that an unknown in its place brings them out.

    So it is when the allocation for a Service fails, for a path without pathType, and before the CEL rules of a CRD.
    """
    if item.kind == "Service":
        return any(validate_allocation(Node(root), SERVER)) or any(validate_node_ports(Node(root), SERVER))
    return item.kind == "Ingress" or item.group in ("gateway.networking.k8s.io", "policy.networking.k8s.io")


def ways(value: Value, way: Way = ()) -> Iterator[Way]:
    """The way to every field below the top but the kind's."""
    entries = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, Sequence) else ()
    for step, below in entries:
        if way or step not in ("kind", "apiVersion"):
            yield (*way, step)
            yield from ways(below, (*way, step))


def replaced(value: Value, way: Way, unknown: Value) -> Value:
    """A copy in which what stands at the end of the way is unknown."""
    if not way:
        return unknown
    step, *rest = way
    if isinstance(value, Mapping):
        mapping = Mapping()
        mapping.update(
            {key: replaced(item, tuple(rest), unknown) if key == step else item for key, item in value.items()}
        )
        return mapping
    assert isinstance(value, Sequence)
    sequence = Sequence()
    sequence.extend(replaced(item, tuple(rest), unknown) if index == step else item for index, item in enumerate(value))
    return sequence


def opened(value: Value, way: Way) -> Value:
    """A copy in which the collection at the end of the way may hold more than is seen."""
    if way:
        step, *rest = way
        inner = value[step]  # type: ignore[index]  # the way leads through collections
        return replaced(value, (step,), opened(inner, tuple(rest)))
    if isinstance(value, Mapping):
        mapping = Mapping()
        mapping.update(value)
        mapping.open = True
        return mapping
    if isinstance(value, Sequence):
        sequence = Sequence()
        sequence.extend(value)
        sequence.open = True
        return sequence
    return value


@pytest.mark.parametrize("how", ["unknown", "open"])
def test_an_unknown_adds_no_refusal(how: str) -> None:
    wrong = []
    for text in texts():
        for item in manifest(text).objects:
            root = item.identity.root
            before = said(item, root)
            if before and hides_the_rest(item, root):
                continue
            for way in ways(root):
                changed = replaced(root, way, Unknown(Fresh("x"), "${X}")) if how == "unknown" else opened(root, way)
                assert isinstance(changed, Mapping)
                added = said(item, changed) - before
                if added:
                    wrong.append((text[:400], way, sorted(added)))
    assert not wrong, wrong[:10]


def test_a_value_of_the_wrong_type_is_never_compared() -> None:
    """It reads as unknown, and an unknown raises when it is compared."""
    for text in texts():
        for item in manifest(text).objects:
            root = item.identity.root
            for number, way in enumerate(ways(root)):
                changed = replaced(root, way, WRONG[number % len(WRONG)])
                assert isinstance(changed, Mapping)
                said(item, changed)


def test_a_label_of_the_wrong_type_is_shown_as_it_is_written() -> None:
    template = "template: {metadata: {labels: {b: c}}, spec: {containers: [{name: a, image: a}]}}"
    text = f"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: a}}, spec: {{selector: {{matchLabels: {{a: true}}}}, {template}}}}}"
    (item,) = manifest(text).objects
    assert any("selects a: true, but" in violation.message for violation in rejected(item))


def test_an_amount_that_is_a_list_is_named_and_not_printed(tmp_path: Path) -> None:
    resources = "resources: {limits: {app: ['%NAME%']}}"
    pod = f"{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{containers: [{{name: a, image: a, {resources}}}]}}}}"
    (tmp_path / "pod.yaml").write_text(pod)
    output = CliRunner().invoke(main, ["check", str(tmp_path / "pod.yaml"), "--output-format", "json"]).output
    assert "limits.app to a list" in output
    assert "Unknown(" not in output
