"""What kustomizations may change: which objects and which fields, from every form of patch."""

from __future__ import annotations

import pytest
from tests.worlds import whole

from kubeqed.diagnostic import ObjectKey
from kubeqed.model.unit import Found

SERVICE = ObjectKey("v1", "Service", None, "web")
OTHER = ObjectKey("v1", "Service", None, "other")
PATCH = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 443}], type: NodePort}}"
OPERATIONS = "[{op: replace, path: /spec/ports/0/port, value: 443}]"
TARGET = "target: {kind: Service, name: w.b}"


def changed(text: str, path: str, key: ObjectKey = SERVICE, *, beside: bool = False) -> bool:
    """Whether the kustomization may change the field of the object."""
    files = {"kustomization.yaml": f"resources: [x.yaml]\n{text}\n", "patch.yaml": PATCH, "operations.json": OPERATIONS}
    found = whole({**files, "x.yaml": "{apiVersion: v1, kind: Service, metadata: {name: web}}"})
    (unit,) = (unit for unit in found.units if unit.found is Found.KUSTOMIZATION)
    return any(change.concerns(key) and change.reaches(path, beside=beside) for change in unit.changes)


@pytest.mark.parametrize(
    "text",
    [
        "patches: [{path: patch.yaml}]",
        f"patches: [{{patch: '{PATCH}'}}]",
        "patchesStrategicMerge: [patch.yaml]",
        f"patchesStrategicMerge: ['{PATCH}']",
        f"patches: [{{path: operations.json, {TARGET}}}]",
        f"patches: [{{patch: '{OPERATIONS}', {TARGET}}}]",
        f"patchesJson6902: [{{path: operations.json, {TARGET}}}]",
        f"patches: [{{path: missing.yaml, {TARGET}}}]",
        "replacements: [{targets: [{select: {kind: Service, name: web}, fieldPaths: [spec.ports.0.port]}]}]",
    ],
)
def test_a_patch_changes_the_fields_it_sets_of_the_objects_it_names(text: str) -> None:
    assert changed(text, "spec.ports[0].port")
    assert changed(text, "spec.ports[1]")
    assert not changed(text, "spec.ports[0].port", OTHER)
    assert changed(text, "spec.selector") is ("missing" in text)


@pytest.mark.parametrize(
    ("text", "path", "beside", "expected"),
    [
        ("patches: [{path: patch.yaml}]", "spec.externalTrafficPolicy", False, False),
        ("patches: [{path: patch.yaml}]", "spec.externalTrafficPolicy", True, True),
        ("patches: [{path: patch.yaml}]", "metadata.name", True, False),
        (f"patches: [{{patch: '{PATCH.replace('type: NodePort', '$patch: replace')}'}}]", "spec.selector", False, True),
        ("transformers: [x.yaml]", "spec.selector", False, True),
        ("commonLabels: {team.io/name: a}", 'spec.selector["team.io/name"]', False, True),
        ("commonLabels: {team.io/name: a}", "spec.selector", False, False),
        ("labels: [{pairs: {team: a}, includeSelectors: true}]", "spec.selector.team", False, True),
        ("labels: [{pairs: {team: a}}]", "spec.selector.team", False, False),
        ("namespace: shop", "metadata.namespace", False, True),
        ("namespace: shop", "metadata.name", True, False),
        ("patches: [{patch: '[{path: /spec/replicas}]', target: {}}]", "spec.type", True, False),
        (
            "patches: [{patch: '[{path: /metadata/labels/a~1b}]', target: {name: '('}}]",
            "metadata.labels.c",
            False,
            True,
        ),
        ("patches: [{patch: 'a: {', target: {kind: Service}}]", "spec.type", False, True),
        ("images: [{name: web}]", "spec.type", True, False),
    ],
)
def test_what_else_is_changed(text: str, path: str, beside: bool, expected: bool) -> None:
    assert changed(text, path, beside=beside) is expected


def test_a_unit_has_the_changes_of_all_kustomizations_it_comes_from() -> None:
    files = {
        "over/kustomization.yaml": "resources: [../base]\n",
        "base/kustomization.yaml": "resources: [x.yaml]\ncomponents: [../part]\nnamespace: a\n",
        "part/kustomization.yaml": "kind: Component\ntransformers: [y.yaml]\n",
        "base/x.yaml": "{apiVersion: v1, kind: Service, metadata: {name: web}}",
    }
    (unit,) = whole(files).units
    assert [change.by for change in unit.changes] == ["base/kustomization.yaml", "part/kustomization.yaml"]
    (closed,) = whole(files, closed=True).units
    assert [change.by for change in closed.changes] == ["base/kustomization.yaml", "part/kustomization.yaml"]
