"""Z3 is imported only for what stays open, and evidence does not hang on hash seeds or on the order of the input."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web%(namespace)s}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: []}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web%(namespace)s}
spec: {defaultBackend: {service: {name: %(name)s, port: {number: 81}}}}
"""

PROGRAM = """
import sys
from kubeqed.model.kinds.ingress import Ingress
from kubeqed.model.kinds.service import Service
from kubeqed.prove.questions.backend import BackendPortResolves, BackendServiceExists
from kubeqed.prove.questions.service_selects import ServiceSelectsPods
from tests.worlds import graph

def show(answer):
    print(answer.verdict.value)
    for fact in answer.facts + answer.unknowns:
        print(fact.text, fact.place and fact.place.span)
    print(answer.witness)

text = sys.stdin.read()
if sys.argv[1:] == ["backwards"]:
    text = "\\n---".join(reversed(text.split("---")))
world = graph(text)
for ingress in world.unit.of(Ingress):
    for backend in ingress.backends():
        show(BackendServiceExists(ingress, backend).answer(world))
        show(BackendPortResolves(ingress, backend).answer(world))
for service in world.unit.of(Service):
    show(ServiceSelectsPods(service).answer(world))
print("z3" in sys.modules)
"""


def _ask(text: str, *arguments: str, seed: str = "0") -> list[str]:
    path = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{os.getcwd()}{os.pathsep}{path}"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        input=text,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("namespace", ["", ", namespace: shop", ", namespace: '${NS}'"])
def test_evidence_is_the_same_under_any_hash_seed(namespace: str) -> None:
    text = WEB % {"namespace": namespace, "name": "web"}
    assert _ask(text, seed="1") == _ask(text, seed="2")


def test_the_verdicts_are_the_same_in_any_order_of_the_input() -> None:
    text = WEB % {"namespace": ", namespace: shop", "name": "web"}
    verdicts = {"Holds", "Fails", "Depends", "GaveUp"}
    forwards, backwards = _ask(text), _ask(text, "backwards")
    assert [line for line in forwards if line in verdicts] == [line for line in backwards if line in verdicts]


@pytest.mark.parametrize(
    ("namespace", "name", "imported"),
    [
        ("", "web", False),  # no namespace is one unknown, and equals itself
        ("", "other", False),  # open only to what nobody sees
        (", namespace: shop", "web", False),  # few values of one unknown make a difference
        (", namespace: '${NS}'", "'${NAME}'", True),
    ],
)
def test_z3_is_imported_only_where_many_values_would_have_to_be_tried(
    namespace: str, name: str, imported: bool
) -> None:
    assert _ask(WEB % {"namespace": namespace, "name": name})[-1] == str(imported)
