"""What is offered at a finding, beside a server: edits of every rule that gives one, and where no comment fits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types

from kubeqed.app.check.run import CheckRequest, analyze
from kubeqed.diagnostic import Diagnostic
from kubeqed.parse import split_lines
from kubeqed.serve.actions import Actions, is_wanted, overlaps_range
from kubeqed.serve.columns import Columns
from kubeqed.serve.findings import Translation

PODS = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: GOVERNING
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: postgres, ports: [{name: postgres, containerPort: 5432}]}]}
"""
SERVICE = """\
---
apiVersion: v1
kind: Service
metadata: {name: db-peers, namespace: shop}
spec: {clusterIP: None, selector: {app: db}, ports: [{name: postgres, port: 5432, targetPort: TARGET}]}
"""
INGRESS = """\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: db, namespace: shop}
spec: {defaultBackend: {service: {name: db-peers, port: {number: PORT}}}}
"""
WORLD = PODS + SERVICE + INGRESS
GOOD = {"GOVERNING": "db-peers", "TARGET": "postgres", "PORT": "5432"}


def text(**bad: str) -> str:
    world = WORLD
    for word, value in {**GOOD, **bad}.items():
        world = world.replace(word, value)
    return world


def findings(file: Path, content: str) -> Iterator[Diagnostic]:
    file.write_text(content)
    yield from analyze(CheckRequest((str(file),))).report.findings


def offered(file: Path, content: str) -> list[types.CodeAction]:
    lines = split_lines(content)
    actions = Actions(str(file), "file:///it", lines, Columns())
    translation = Translation(Columns(), lambda _: lines, lambda _: "file:///it")
    return [
        action for finding in findings(file, content) for action in actions.at(finding, translation.finding(finding))
    ]


@pytest.mark.parametrize(
    ("bad", "title"),
    [
        ({"GOVERNING": "db-peer"}, "Replace db-peer by db-peers"),
        ({"GOVERNING": '"db-peer"'}, 'Replace "db-peer" by db-peers'),
        ({"TARGET": "postgre"}, "Replace postgre by postgres"),
        ({"PORT": "5433"}, "Replace 5433 by 5432"),
        ({"serviceName": "servicename"}, "Replace servicename by serviceName"),
    ],
)
def test_rules_that_know_what_was_meant(tmp_path: Path, bad: dict[str, str], title: str) -> None:
    file = tmp_path / "a.yaml"
    content = text(**bad)
    actions = offered(file, content)
    assert actions[0].title == title
    assert actions[0].edit is not None
    assert actions[0].edit.changes is not None
    (edit,) = actions[0].edit.changes["file:///it"]
    lines = content.splitlines()
    line, start, end = edit.range.start.line, edit.range.start.character, edit.range.end.character
    lines[line] = lines[line][:start] + edit.new_text + lines[line][end:]
    assert list(findings(file, "\n".join(lines))) == []


def test_what_another_place_brings_is_not_edited(tmp_path: Path) -> None:
    content = text(GOVERNING="db-peer").replace(
        "spec:\n  serviceName: db-peer\n", "spec:\n  <<: {serviceName: db-peer}\n"
    )
    assert [action.is_preferred for action in offered(tmp_path / "a.yaml", content)] == [None]


def test_two_candidates_are_one_too_many(tmp_path: Path) -> None:
    second = SERVICE.replace("db-peers", "db-peerz").replace("TARGET", "postgres")
    actions = offered(tmp_path / "a.yaml", text(GOVERNING="db-peer") + second)
    assert [action.is_preferred for action in actions] == [None]


def test_json_holds_no_comments(tmp_path: Path) -> None:
    service = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"type": "NodePort", "ports": [{"port": 1, "nodePort": 1}]}}'
    assert list(findings(tmp_path / "a.json", service))
    assert offered(tmp_path / "a.json", service) == []


def test_no_comment_inside_a_text(tmp_path: Path) -> None:
    rule = "node-port-out-of-range"
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: low}\nspec: {type: NodePort, TEXT ports: [{port: 1, nodePort: 1}]}\n"
    for between, count in (("", 1), ('externalName: "b\n  c",', 0)):
        content = service.replace("TEXT", between)
        assert rule in [finding.rule for finding in findings(tmp_path / "a.yaml", content)]
        titles = [action.title for action in offered(tmp_path / "a.yaml", content)]
        assert len([title for title in titles if rule in title]) == count


def test_only_quick_fixes_are_offered() -> None:
    assert is_wanted(None)
    assert is_wanted([types.CodeActionKind.QuickFix])
    assert is_wanted([types.CodeActionKind.Empty])
    assert not is_wanted([types.CodeActionKind.Refactor])


def test_ranges_that_meet_touch() -> None:
    def place(line: int, start: int, end: int) -> types.Range:
        return types.Range(types.Position(line, start), types.Position(line, end))

    assert overlaps_range(place(1, 2, 4), place(1, 4, 4))
    assert overlaps_range(place(1, 2, 4), types.Range(types.Position(0, 0), types.Position(9, 0)))
    assert not overlaps_range(place(1, 2, 4), place(1, 5, 6))
    assert not overlaps_range(place(1, 2, 4), place(2, 2, 4))
