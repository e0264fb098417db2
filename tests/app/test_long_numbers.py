"""Numbers of 5,000 digits, of which Python's `int` refuses more than 4,300, wherever a manifest can hold one."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.mutants import DOCUMENTS

from kubeqed.app.check.run import CheckRequest, analyze
from kubeqed.app.question import Basis, answer_units, choose_assumptions
from kubeqed.app.reach import ReachRequest, reach
from kubeqed.diagnostic import NoticeKind
from kubeqed.parse import parse_whole_number

LONG = "9" * 5_000
PLAIN = [LONG, "0" * 5_000 + "1", f"1e{LONG}"]
_CONTAINER = {
    "name": "a",
    "image": "calico/node:v3.26.1",
    "resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "1m"}},
}
_POD = {"spec": {"restartPolicy": "Never", "hostNetwork": True, "containers": [_CONTAINER]}}
_COST = {"annotations": {"controller.kubernetes.io/pod-deletion-cost": "5"}}


def _object(api_version: str, kind: str, spec: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": kind.lower(), **metadata}, "spec": spec}


MORE = [
    _object(
        "v1", "Pod", {**_POD["spec"], "containers": [{**_CONTAINER, "ports": [-1, {"containerPort": 80}]}]}, **_COST
    ),
    _object(
        "batch/v1",
        "Job",
        {
            "completions": 5,
            "completionMode": "Indexed",
            "successPolicy": {"rules": [{"succeededIndexes": "0-3", "succeededCount": 1}]},
            "template": _POD,
        },
    ),
    _object("batch/v1", "CronJob", {"schedule": "1 2 3 4 5", "jobTemplate": {"spec": {"template": _POD}}}),
    _object(
        "apps/v1",
        "Deployment",
        {
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
            "selector": {"matchLabels": {"a": "b"}},
            "template": {"metadata": {"labels": {"a": "b"}, **_COST}, **_POD},
        },
    ),
    _object("policy/v1", "PodDisruptionBudget", {"minAvailable": "50%", "selector": {"matchLabels": {"a": "b"}}}),
    _object("extensions/v1beta1", "Ingress", {"backend": {"serviceName": "web", "servicePort": "80"}}),
    _object(
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        {
            "parentRefs": [{"name": "g", "port": 80}],
            "rules": [{"backendRefs": [{"name": "web", "port": 80, "weight": 1}]}],
        },
    ),
    _object(
        "policy.networking.k8s.io/v1alpha1",
        "AdminNetworkPolicy",
        {
            "priority": 5,
            "subject": {"namespaces": {}},
            "ingress": [
                {"action": "Allow", "from": [{"namespaces": {}}], "ports": [{"portRange": {"start": 1, "end": 5}}]}
            ],
        },
    ),
]


def _leaves(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in entries:
        yield from _leaves(inner, (*above, key)) if isinstance(inner, dict | list) else [((*above, key), inner)]


def _with(document: Any, place: tuple[Any, ...], new: object) -> Any:
    document = copy.deepcopy(document)
    inner = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = new
    return document


def _variants(document: Any) -> Iterator[str]:
    for place, old in _leaves(document):
        if place[0] not in ("apiVersion", "kind"):
            texts = {LONG, re.sub("[0-9]+", LONG, str(old)), re.sub("[0-9]+$", f"-{LONG}", str(old))}
            yield from (json.dumps(_with(document, place, text)) for text in sorted(texts))
            yield from (json.dumps(_with(document, place, "@")).replace('"@"', text) for text in PLAIN)


@pytest.mark.parametrize("number", range(len(DOCUMENTS) + len(MORE)))
def test_they_are_read_everywhere(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for index, text in enumerate(_variants([*DOCUMENTS, *MORE][number])):
        (tmp_path / f"{index}.yaml").write_text(text)
    checked = analyze(CheckRequest((".",)))
    failed = [notice.details for notice in checked.report.notices if notice.kind is NoticeKind.INTERNAL_ERROR]
    assert not failed
    basis = Basis()
    loaded = basis.load((".",), None)
    assert reach(answer_units(loaded, choose_assumptions(loaded, basis)).answers, ReachRequest(), "json", ())


@pytest.mark.parametrize("port", [f"{LONG}", f"tcp/{LONG}", f"1-{LONG}"])
def test_a_port_of_the_command_line(port: str) -> None:
    from kubeqed.app.question import QuestionError, parse_port_option

    with pytest.raises(QuestionError):
        parse_port_option(port)
    assert parse_whole_number(LONG) > 65_535


def test_a_message_shows_the_first_digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: %s}]}}"
    (tmp_path / "web.yaml").write_text(text % LONG)
    (found,) = analyze(CheckRequest((".",))).report.findings
    assert found.rule == "scalar-misread"
    assert len(found.message) < 200
