"""What kustomizations may change: which objects and which fields, from every form of patch."""

from __future__ import annotations

import pytest
from tests.worlds import whole

from kubeqed.diagnostic import ObjectKey
from kubeqed.model.units.unit import UnitOrigin

SERVICE = ObjectKey("v1", "Service", None, "web")
OTHER = ObjectKey("v1", "Service", None, "other")
PATCH = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 443}], type: NodePort}}"
OPERATIONS = "[{op: replace, path: /spec/ports/0/port, value: 443}]"
TARGET = "target: {kind: Service, name: w.b}"


def changed(text: str, path: str, key: ObjectKey = SERVICE, *, beside: bool = False) -> bool:
    """Whether the kustomization may change the field of the object."""
    files = {"kustomization.yaml": f"resources: [x.yaml]\n{text}\n", "patch.yaml": PATCH, "operations.json": OPERATIONS}
    found = whole({**files, "x.yaml": "{apiVersion: v1, kind: Service, metadata: {name: web}}"})
    (unit,) = (unit for unit in found.units if unit.found is UnitOrigin.KUSTOMIZATION)
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
        ("namePrefix: a-", "metadata.name", True, True),
        ("nameSuffix: -a", "metadata.name", False, True),
        ("commonLabels: {team.io/name: a}", "spec.selector", True, True),
        ("labels: [{pairs: {team: a}}]", "spec.selector", True, False),
        ("patches: [{path: patch.yaml}]", "spec", True, True),
        ("patches: [{path: patch.yaml}]", "spec", False, False),
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


def test_a_namespace_renames_the_namespaces() -> None:
    assert changed("namespace: shop", "metadata.name", ObjectKey("v1", "Namespace", None, "_"))


def test_a_component_is_changed_by_what_includes_it() -> None:
    files = {"c/x.yaml": "{apiVersion: v1, kind: Service, metadata: {name: web}}"}
    component = "{apiVersion: kustomize.config.k8s.io/v1alpha1, kind: Component, resources: [x.yaml]}"
    for kind, expected in (("Component", True), ("Kustomization", False)):
        (unit,) = whole({**files, "c/kustomization.yaml": component.replace("Component", kind)}).units
        assert any(change.reaches("spec.type", beside=False) for change in unit.changes) is expected
    assert changed("components: [c]", "spec.type") is False


@pytest.mark.parametrize("unknown", ["${X}", "{{ .x }}", "a-${X}"])
@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("patches: [{patch: '%s'}]", "spec.type"),
        ("patches: [{path: '%s'}]", "spec.type"),
        ("patches: ['%s']", "spec.type"),
        ("patches: '%s'", "spec.type"),
        ("patchesStrategicMerge: ['%s']", "spec.type"),
        ("patchesJson6902: [{patch: '%s', target: {kind: Service, name: web}}]", "spec.type"),
        ("patches: [{path: patch.yaml, target: '%s'}]", "spec.type"),
        ("patches: [{path: patch.yaml, target: {kind: '%s'}}]", "spec.type"),
        ("patches: [{patch: '[{path: \"%s\"}]', target: {kind: Service}}]", "spec.selector"),
        (
            "patches: [{patch: '{apiVersion: v1, kind: Service, metadata: {name: \"%s\"}, spec: {type: a}}'}]",
            "spec.type",
        ),
        ("patches: [{patch: '{kind: Service, metadata: {name: web}, \"%s\": {}}'}]", "spec.selector"),
        ("replacements: '%s'", "spec.selector"),
        ("replacements: [{path: '%s'}]", "spec.selector"),
        ("replacements: [{targets: '%s'}]", "spec.selector"),
        ("replacements: [{targets: [{select: {kind: Service}, fieldPaths: ['%s']}]}]", "spec.selector"),
        ("transformers: '%s'", "spec.selector"),
        ("transformers: ['%s']", "spec.selector"),
        ("namespace: '%s'", "metadata.namespace"),
        ("commonLabels: '%s'", "spec.selector.app"),
        ("commonLabels: {'%s': x}", "spec.selector.app"),
        ("labels: ['%s']", "spec.selector.app"),
        ("labels: [{pairs: {app: x}, includeSelectors: '%s'}]", "spec.selector.app"),
        ("labels: [{pairs: '%s', includeSelectors: true}]", "spec.selector.app"),
        ("'%s': x", "spec.type"),
    ],
)
def test_what_is_unknown_may_change_anything(text: str, path: str, unknown: str) -> None:
    assert changed(text % unknown, path)


def test_what_changes_nothing_is_no_change() -> None:
    assert not changed("patches: [{patch: '{apiVersion: v1, kind: Service, metadata: {name: web}}'}]", "spec.type")
    assert not changed("patches: []\nnamespace: ''\ntransformers: []\ncommonLabels: {}", "spec.type")


def test_a_resource_that_is_unknown_is_a_producer() -> None:
    for text in ("resources: ['${X}/x.yaml']", "resources: '${X}'", "components: ['{{ .x }}']", "generators: '${X}'"):
        (unit,) = whole({"kustomization.yaml": text}).units
        (producer,) = unit.producers
        assert "Unknown" not in producer.text


def test_a_unit_has_the_changes_of_all_kustomizations_it_comes_from() -> None:
    files = {
        "over/kustomization.yaml": "resources: [../base]\n",
        "base/kustomization.yaml": "resources: [x.yaml]\ncomponents: [../part]\nnamespace: a\n",
        "part/kustomization.yaml": "kind: Component\ntransformers: [y.yaml]\n",
        "base/x.yaml": "{apiVersion: v1, kind: Service, metadata: {name: web}}",
    }
    for closed in (False, True):
        (unit,) = whole(files, closed=closed).units
        assert {change.by for change in unit.changes} == {"base/kustomization.yaml", "part/kustomization.yaml"}
