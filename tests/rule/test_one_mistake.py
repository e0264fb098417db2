"""One mistake of one object is one finding: what one edit of one field settles is said once, the rest are related places."""

from __future__ import annotations

import pytest
from tests.rules.judging import findings

from kubeqed.rule.catalogue import find_rules

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  {selector}: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      {containers}: [{{name: web, image: nginx}}]
"""
MISSPELT_LABELS = DEPLOYMENT.format(selector="selector", containers="containers").replace("matchLabels", "matchLables")
JOB = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: web}\nspec:\n  template: {spec: {containers: []}}\n"
MISPLACED = "containers: [{name: web, image: nginx}]"
INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  - http:
      paths:
      - {path: /, backend: {serviceName: web, servicePort: 80}}
      - {path: /api, pathType: Prefix, backend: {serviceName: api, servicePort: 80}}
"""
HEADLESS = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  clusterIP: None
  ports: [{port: 80, nodePort: 30080}]
"""
CLOSED = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: ClusterIP
  ports:
  - {name: a, port: 80, nodePort: 30080}
  - {name: b, port: 81, nodePort: 30081}
  - {name: c, port: 82, nodePort: 30082}
"""
DEDENTED = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  - http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
          name: web
          port:
          number: 80
"""
DEDENTED_LABELS = DEPLOYMENT.format(selector="selector", containers="containers").replace(
    "{labels: {app: web}}", "{labels: , app: web}"
)
UNNAMED = "apiVersion: v1\nkind: Service\nmetadata: {}\nspec: {ports: [{port: 80}]}\n"
SHARED = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: &labels {app: web, version: 2}}
  template:
    metadata: {labels: *labels}
    spec: {containers: [{name: web, image: nginx}]}
"""


def said(text: str) -> list[tuple[str, int]]:
    """The rule of each shown finding, and how many places it relates."""
    shown = [item for item in findings(text, list(find_rules())) if item.severity.value != "note"]
    return [(item.rule, len(item.related)) for item in shown]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DEPLOYMENT.format(selector="selector", containers="containers"), []),
        (DEPLOYMENT.format(selector="selektor", containers="containers"), [("field-unknown", 1)]),
        (DEPLOYMENT.format(selector="selector", containers="contianers"), [("field-unknown", 1)]),
        (DEPLOYMENT.format(selector="selektor", containers="contianers"), [("field-unknown", 1)] * 2),
        (MISSPELT_LABELS, [("field-unknown", 1)]),
        (
            MISSPELT_LABELS.replace("{matchLables", "{matchFields: [], matchLables"),
            [("field-unknown", 0)] * 2 + [("value-rejected", 0)],
        ),
        (DEPLOYMENT.format(selector="slctr", containers="containers"), [("field-unknown", 0), ("value-rejected", 0)]),
        (DEPLOYMENT.partition("  template")[0].format(selector="selector"), [("template-not-selected", 1)]),
        (JOB, [("value-rejected", 0)] * 2),
        (JOB.replace("template: {spec: {containers: []}}", MISPLACED), [("field-unknown", 1), ("value-rejected", 0)]),
        (INGRESS, [("field-unknown", 5)]),
        (DEDENTED, [("field-unknown", 3)]),
        (DEDENTED.replace("service:\n", "resource:\n"), [("field-unknown", 3)]),
        (DEDENTED.replace("service:\n", "service: web\n"), [("field-unknown", 0)] * 3 + [("value-rejected", 0)]),
        (DEDENTED_LABELS, [("field-unknown", 1)]),
        (
            DEDENTED_LABELS.replace("metadata: {name: web}", "metadata: {name: web, spce: 1}"),
            [("field-unknown", 0), ("field-unknown", 1)],
        ),
        (HEADLESS, [("service-type-forbids-field", 0)]),
        (CLOSED, [("service-type-forbids-field", 2)]),
        (SHARED, [("scalar-misread", 1)]),
    ],
)
def test_what_one_edit_settles_is_one_finding(text: str, expected: list[tuple[str, int]]) -> None:
    assert sorted(said(text)) == sorted(expected)


def test_what_follows_is_said_at_its_own_place() -> None:
    (found,) = findings(INGRESS, list(find_rules()))
    assert "v1beta1" in found.message
    assert {(item.span.line, item.message.split(",")[0].partition(": ")[0]) for item in found.related} == {
        (9, "so it sets spec.rules[0].http.paths[0].backend.servicePort"),
        (9, "so it lacks spec.rules[0].http.paths[0].pathType"),
        (10, "so it sets spec.rules[0].http.paths[1].backend.serviceName"),
        (10, "so it sets spec.rules[0].http.paths[1].backend.servicePort"),
        (10, "so it has neither a service nor a resource in spec.rules[0].http.paths[1].backend"),
    }


def test_what_has_no_name_may_get_one_from_a_program_and_what_misspells_it_does_not() -> None:
    (found,) = findings(UNNAMED, list(find_rules()))
    assert (found.rule, found.severity.value) == ("value-rejected", "note")
    assert "unless a program gives it one" in found.message
    assert said(UNNAMED.replace("{}", "{nmae: web}")) == [("field-unknown", 1)]
