"""What is proved of a chart holds at all combinations of its switches, and what is refuted does not."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from tests.build.helm.symbolic.samples import SHOP
from tests.prove.charts.judged import broken_at, prove, said_of, write_chart

SWITCHES = ("service", "metrics", "ingress", "persistence", "policy")
MORE = {"ingress": ", extraHosts: [{host: b.example.com}]"}
CHANGES = {
    "as it is": ("", ""),
    "the Ingress asks for the Service": (
        "ingress.yaml: {{- if .Values.ingress.enabled }}",
        "{{- if and .Values.ingress.enabled .Values.service.enabled }}",
    ),
    "a Service that is always there": ("services.yaml: {{- if .Values.service.enabled }}", "{{- if true }}"),
    "another name": ('ingress.yaml: {{- $name := include "shop.fullname" . -}}', "{{- $name := .Release.Name -}}"),
    "another suffix": (
        'services.yaml: name: {{ include "shop.fullname" . }}-headless',
        "name: {{ .Release.Name }}-shop",
    ),
    "no headless Service": ("services.yaml:   clusterIP: None\n", ""),
    "a label more in the selector": (
        "policy.yaml:     matchLabels: {{- ",
        "    matchLabels:\n      tier: front\n      {{- ",
    ),
    "a port that only some pods have": ("services.yaml: {{- if .Values.metrics.enabled }}", "{{- if true }}"),
    "another port": (
        "ingress.yaml:                   number: {{ .Values.service.port }}",
        "                  number: 81",
    ),
    "another namespace": ("ingress.yaml:   name: {{ $name }}\nspec", "  name: {{ $name }}\n  namespace: edge\nspec"),
    "off with the policy": (
        "services.yaml: {{- if .Values.service.enabled }}",
        "{{- if and .Values.service.enabled (not .Values.policy.enabled) }}",
    ),
    "either of two": (
        "services.yaml: {{- if .Values.service.enabled }}",
        "{{- if or .Values.service.enabled .Values.ingress.enabled }}",
    ),
    "a hook": (
        'services.yaml:   name: {{ include "shop.fullname" . }}\nspec:\n  type',
        '  name: {{ include "shop.fullname" . }}\n  annotations: {"helm.sh/hook": pre-install}\nspec:\n  type',
    ),
    "a hook in lines": (
        'deployment.yaml:   labels: {{- include "shop.labels"',
        '  annotations:\n    "helm.sh/hook": pre-install\n  labels: {{- include "shop.labels"',
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_verdicts_hold_at_every_switch(tmp_path: Path, what: str) -> None:
    chart = write_chart(tmp_path, _change(*CHANGES[what]))
    said = said_of(prove(chart))
    broken: set[tuple[str, int, str]] = set()
    for row in product(("true", "false"), repeat=len(SWITCHES)):
        values = "".join(
            f"{key}: {{enabled: {on}{MORE.get(key, '')}}}\n" for key, on in zip(SWITCHES, row, strict=True)
        )
        found = broken_at(chart, values)
        assert found is not None
        broken |= found
    assert {key: verdict for key, verdict in said.items() if verdict == "proved" and key in broken} == {}
    assert {key: verdict for key, verdict in said.items() if verdict == "refuted" and key not in broken} == {}
    if "hook" not in what:  # whose objects the rules take for others
        assert {key for key in said if key in broken} == {key for key, verdict in said.items() if verdict == "refuted"}


def _change(at: str, after: str) -> dict[str, str]:
    if not at:
        return SHOP
    name, _, before = at.partition(": ")
    name = f"templates/{name}"
    assert before in SHOP[name]
    return {**SHOP, name: SHOP[name].replace(before, after, 1)}
