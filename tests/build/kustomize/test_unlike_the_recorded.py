"""What random builds found, with what the tool v5.8.2 makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import build_files, objects

from kubeqed.build.refusal import RefusalCause

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web, annotations: {note: x}}\n"


def built_metadata(root: Path, kustomization: str, **others: str) -> dict[str, object]:
    files = {"root/kustomization.yaml": f"resources: [all.yaml]\n{kustomization}", "root/all.yaml": SERVICE}
    built = build_files(root, {**files, **others}, "root")
    assert (built.refusals, built.unbuilt) == ((), ())
    ((one,),) = objects(built.documents).values()
    metadata = one["metadata"]
    assert isinstance(metadata, dict)
    return metadata


def test_no_labels_of_a_patch_with_a_target_stay_none(tmp_path: Path) -> None:
    patch = "patches: [{target: {kind: Service}, patch: '{apiVersion: v1, kind: Service, metadata: {name: x, labels: {}}}'}]"
    assert built_metadata(tmp_path, patch) == {"name": "web", "annotations": {"note": "x"}}


def test_a_mapping_that_is_put_into_an_annotation_is_an_empty_text(tmp_path: Path) -> None:
    target = "{select: {kind: Service}, fieldPaths: [metadata.annotations.note]}"
    replacement = f"replacements: [{{source: {{kind: Service, fieldPath: metadata}}, targets: [{target}]}}]"
    assert built_metadata(tmp_path, replacement) == {"name": "web", "annotations": {"note": ""}}


def test_a_placeholder_for_the_namespace_is_kept_by_a_later_patch(tmp_path: Path) -> None:
    placed = """{target: {kind: Service}, patch: '[{"op": "add", "path": "/metadata/namespace", "value": "${X}"}]'}"""
    merged = "{patch: '{apiVersion: v1, kind: Service, metadata: {name: web, labels: {a: b}}}'}"
    metadata = built_metadata(tmp_path, f"patches: [{placed}, {merged}]")
    assert (metadata["namespace"], metadata["labels"]) == ("${X}", {"a": "b"})


def test_what_a_component_adds_comes_from_its_directory(tmp_path: Path) -> None:
    files = {
        "root/kustomization.yaml": "components: [../part]\nbuildMetadata: [originAnnotations]\n",
        "part/kustomization.yaml": "kind: Component\nresources: [all.yaml]\n",
        "part/all.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n",
    }
    ((one,),) = objects(build_files(tmp_path, files, "root").documents).values()
    assert one["metadata"]["annotations"] == {"config.kubernetes.io/origin": "path: ../part/all.yaml\n"}


def test_a_patch_that_takes_the_name_away_is_refused(tmp_path: Path) -> None:
    for path in ("/metadata/name", "/metadata"):
        patch = f'patches: [{{target: {{kind: Service}}, patch: \'[{{"op": "remove", "path": "{path}"}}]\'}}]\n'
        files = {"root/kustomization.yaml": f"resources: [all.yaml]\n{patch}", "root/all.yaml": SERVICE}
        (refusal,) = build_files(tmp_path, files, "root").refusals
        assert refusal.reason == "missing metadata.name in object"


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: nginx}]}}}
"""


BLANKS = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      annotations:
    spec:
      initContainers:
      containers:
      - name: web
        env:
"""
JSON_PATCH = '[{"op": "add", "path": "/metadata/labels", "value": {"tier": "web"}}]'
MERGE_PATCH = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {metadata: {labels: {a: b}}, spec: {containers: [{name: web, image: nginx}]}}}}"


@pytest.mark.parametrize(
    ("patches", "metadata", "pod"),
    [
        ([MERGE_PATCH], {"labels": {"a": "b"}}, {"containers": [{"name": "web", "image": "nginx"}]}),
        (
            [JSON_PATCH, MERGE_PATCH],
            {"labels": {"a": "b"}, "annotations": None},
            {"containers": [{"name": "web", "image": "nginx", "env": None}], "initContainers": None},
        ),
    ],
)
def test_a_json_patch_writes_null_where_nothing_was_written_which_a_merge_keeps(
    tmp_path: Path, patches: list[str], metadata: dict[str, object], pod: dict[str, object]
) -> None:
    listed = ", ".join(f"{{target: {{kind: Deployment}}, patch: '{patch}'}}" for patch in patches)
    files = {"root/kustomization.yaml": f"resources: [all.yaml]\npatches: [{listed}]\n", "root/all.yaml": BLANKS}
    built = build_files(tmp_path, files, "root")
    assert not built.refusals
    ((one,),) = objects(built.documents).values()
    assert one["spec"] == {"template": {"metadata": metadata, "spec": pod}}


def test_images_make_lists_of_containers_that_hold_nothing(tmp_path: Path) -> None:
    kustomization = "resources: [all.yaml]\nimages: [{name: other, newTag: '2'}]\n"
    built = build_files(tmp_path, {"root/kustomization.yaml": kustomization, "root/all.yaml": BLANKS}, "root")
    ((one,),) = objects(built.documents).values()
    assert one["spec"]["template"]["spec"]["initContainers"] == []


LABEL = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {tier: web}}}"
COPY = "{select: {kind: Deployment}, fieldPaths: [metadata.labels.tier]}"
SET = '[{"op": "replace", "path": "/metadata/labels/tier", "value": "web"}]'


@pytest.mark.parametrize(
    ("overlay", "elsewhere"),
    [
        ("labels: [{pairs: {tier: web}}]", "web"),
        (f"patches: [{{patch: '{LABEL}'}}]", "web"),
        (f"replacements: [{{source: {{kind: Deployment, fieldPath: metadata.name}}, targets: [{COPY}]}}]", "web"),
        (f"patches: [{{target: {{kind: Deployment}}, patch: '{SET}'}}]", "db"),
    ],
)
def test_a_label_that_was_set_in_many_fields_is_changed_in_all(tmp_path: Path, overlay: str, elsewhere: str) -> None:
    files = {
        "base/kustomization.yaml": "resources: [all.yaml]\ncommonLabels: {tier: db}\n",
        "base/all.yaml": DEPLOYMENT,
        "root/kustomization.yaml": f"resources: [../base]\n{overlay}\n",
    }
    ((one,),) = objects(build_files(tmp_path, files, "root").documents).values()
    assert one["metadata"]["labels"] == {"tier": "web"}
    assert one["spec"]["selector"]["matchLabels"] == {"tier": elsewhere}
    assert one["spec"]["template"]["metadata"]["labels"] == {"tier": elsewhere}


def test_the_last_line_of_an_old_json_patch_keeps_its_end(tmp_path: Path) -> None:
    operation = "    - op: add\n      path: /metadata/annotations/note\n      value: |\n        a\n"
    target = "target: {version: v1, kind: Service, name: web}"
    old = built_metadata(tmp_path, f"patchesJson6902:\n- {target}\n  patch: |\n{operation}")
    new = built_metadata(tmp_path, f"patches:\n- {target}\n  patch: |\n{operation}")
    assert [one["annotations"] for one in (old, new)] == [{"note": "a\n"}, {"note": "a"}]


def test_a_value_that_waits_for_another_tool_is_replaced_as_text(tmp_path: Path) -> None:
    source = "source: {kind: Service, fieldPath: metadata.annotations.note}"
    whole = "{select: {kind: Service}, fieldPaths: [metadata.annotations.whole], options: {create: true}}"
    part = "{select: {kind: Service}, fieldPaths: [metadata.annotations.part], options: {delimiter: /, index: 1}}"
    both = f"commonAnnotations: {{note: '${{X}}', part: a/b}}\nreplacements: [{{{source}, targets: [{whole}, {part}]}}]"
    assert built_metadata(tmp_path, both)["annotations"] == {"note": "${X}", "part": "a/${X}", "whole": "${X}"}


def test_a_configuration_of_transformers_knows_no_other_field(tmp_path: Path) -> None:
    for line, field in (("varReference: [{path: a, apiGroup: b}]", "apiGroup"), ("apiVersion: v1", "apiVersion")):
        files = {"root/kustomization.yaml": "resources: [all.yaml]\nconfigurations: [fields.yaml]\n"}
        files |= {"root/all.yaml": SERVICE, "root/fields.yaml": f"{line}\n"}
        (refusal,) = build_files(tmp_path, files, "root").refusals
        assert refusal.reason == f'json: unknown field "{field}"'
        assert refusal.place.span.file.endswith("fields.yaml")


def test_a_word_where_a_list_of_structures_belongs_is_refused(tmp_path: Path) -> None:
    (refusal,) = build_files(tmp_path, {"root/kustomization.yaml": "configMapGenerator: 80\n"}, "root").refusals
    assert refusal.reason.startswith("json: cannot unmarshal number")


@pytest.mark.parametrize(
    ("kind", "path", "cause"),
    [
        ("ValidatingAdmissionPolicy", "/metadata/namespace", RefusalCause.VERSION),
        ("ValidatingAdmissionPolicy", "/metadata/labels", RefusalCause.OBJECT),
        ("ValidatingWebhookConfiguration", "/metadata/namespace", RefusalCause.OBJECT),
    ],
)
def test_older_versions_give_policies_a_namespace_that_a_patch_takes_away(
    tmp_path: Path, kind: str, path: str, cause: RefusalCause
) -> None:
    policy = f"apiVersion: admissionregistration.k8s.io/v1\nkind: {kind}\nmetadata: {{name: web}}\n"
    patch = f'[{{"op": "remove", "path": "{path}"}}]'
    kustomization = (
        f"resources: [all.yaml]\nnamespace: shop\npatches: [{{target: {{kind: {kind}}}, patch: '{patch}'}}]\n"
    )
    files = {"root/kustomization.yaml": kustomization, "root/all.yaml": policy}
    (refusal,) = build_files(tmp_path, files, "root").refusals
    assert refusal.cause is cause


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("metadata.annotations.image", RefusalCause.EDITED),
        ("metadata.labels.image", RefusalCause.EDITED),
        ("spec.template.metadata.annotations.image", RefusalCause.OBJECT),
    ],
)
def test_what_kustomize_edit_writes_may_be_written_before(tmp_path: Path, path: str, cause: RefusalCause) -> None:
    target = "{select: {kind: Service}, fieldPaths: [metadata.annotations.note]}"
    copy = f"replacements: [{{source: {{kind: Service, fieldPath: {path}}}, targets: [{target}]}}]\n"
    files = {"root/kustomization.yaml": f"resources: [all.yaml]\n{copy}", "root/all.yaml": SERVICE}
    (refusal,) = build_files(tmp_path, files, "root").refusals
    assert refusal.cause is cause


def test_a_json_patch_in_yaml_is_read_as_the_server_would(tmp_path: Path) -> None:
    values = {"0644": "420", "yes": True, "2024-01-02": "2024-01-02", "1.50": "1.5", "'0644'": "0644"}
    for inline in (True, False):
        for written, read in values.items():
            operation = f"- op: replace\n  path: /metadata/annotations/note\n  value: {written}\n"
            indented = operation.replace("- op", "    - op").replace("\n  ", "\n      ")
            where = f"patch: |\n{indented}" if inline else "path: patch.yaml\n"
            kustomization = f"patches:\n- target: {{kind: Service}}\n  {where}"
            metadata = built_metadata(tmp_path, kustomization, **{"root/patch.yaml": operation})
            assert metadata["annotations"] == {"note": "true" if read is True else read}


def test_the_source_of_a_replacement_that_is_its_target_too_gives_what_it_has_become(tmp_path: Path) -> None:
    options = "options: {delimiter: w, index: 0, create: true}"
    target = f"{{select: {{kind: Service}}, fieldPaths: [metadata.annotations.note, metadata.labels.x], {options}}}"
    source = "{kind: Service, fieldPath: metadata.annotations.note}"
    replacement = f"replacements: [{{source: {source}, targets: [{target}]}}]"
    metadata = built_metadata(tmp_path, f"commonAnnotations: {{note: web}}\n{replacement}")
    assert (metadata["annotations"], metadata["labels"]) == ({"note": "webweb"}, {"x": "webweb"})


def test_a_patch_that_makes_two_objects_one_is_refused(tmp_path: Path) -> None:
    kind = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}"
    patch = f"patches: [{{target: {{kind: Service}}, options: {{allowKindChange: true}}, patch: '{kind}'}}]\n"
    files = {
        "root/kustomization.yaml": f"resources: [all.yaml]\n{patch}",
        "root/all.yaml": f"{SERVICE}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: web}}\n",
    }
    (refusal,) = build_files(tmp_path, files, "root").refusals
    assert refusal.reason == "may not add resource with an already registered id: ConfigMap.v1.[noGrp]/web.[noNs]"
    assert refusal.place.span.line == 2


def test_an_empty_namespace_is_not_put_back_after_a_patch(tmp_path: Path) -> None:
    operation = '[{"op": "replace", "path": "/metadata/namespace", "value": ""}]'
    emptied = f"patches:\n- patch: '{operation}'\n  target: {{kind: Service}}\n"
    merged = "- patch: '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}'\n"
    service = SERVICE.replace("{name: web", "{name: web, namespace: shop")
    files = {"root/all.yaml": service}
    assert built_metadata(tmp_path, emptied, **files)["namespace"] == ""
    assert "namespace" not in built_metadata(tmp_path, emptied + merged, **files)


def test_what_a_generator_merges_into_comes_from_where_it_did(tmp_path: Path) -> None:
    files = {
        "root/kustomization.yaml": "resources: [../base]\nbuildMetadata: [originAnnotations]\n"
        "configMapGenerator: [{name: web, behavior: merge}]\n",
        "base/kustomization.yaml": "resources: [all.yaml]\n",
        "base/all.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
    }
    ((one,),) = objects(build_files(tmp_path, files, "root").documents).values()
    assert one["metadata"]["annotations"] == {"config.kubernetes.io/origin": "path: ../base/all.yaml\n"}
