"""Keys that another tool fills in: the build keeps and prints them, and rules do not take them for keys."""

from __future__ import annotations

from pathlib import Path

from tests.build.built import build_files, plain

from kubeqed.build.node import thaw
from kubeqed.model.confidential.built import REDACTED, redact_secrets
from kubeqed.parse import Mapping, Unknown, Value, as_written
from kubeqed.report.build.yaml import render_documents

ALL = """\
apiVersion: v1
kind: Service
metadata:
  name: web
  labels: {app: web, "${APP}": x}
spec:
  selector: {"${APP}": x}
"""
CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {"${A}": b, "{{ .x }}": c}\n'
KUSTOMIZATION = """\
resources: [all.yaml]
labels:
- pairs: {"${TEAM}": blue}
patches:
- patch: |
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec:
      selector: {"${OTHER}": "y"}
- patch: '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {"${FIELD}": on}}'
"""
# As kustomize v5.8.2 prints it.
PRINTED = """\
apiVersion: v1
kind: Service
metadata:
  labels:
    ${APP}: x
    ${TEAM}: blue
    app: web
  name: web
spec:
  ${FIELD}: "on"
  selector:
    ${APP}: x
    ${OTHER}: "y"
"""


def test_such_keys_are_built_and_printed(tmp_path: Path) -> None:
    built = build_files(tmp_path, {"root/kustomization.yaml": KUSTOMIZATION, "root/all.yaml": ALL}, "root")
    assert render_documents(built.documents) == PRINTED


def test_rules_see_an_open_mapping_or_an_unknown(tmp_path: Path) -> None:
    built = build_files(tmp_path, {"root/kustomization.yaml": KUSTOMIZATION, "root/all.yaml": ALL}, "root")
    (placed,) = built.documents
    root = placed.document.root
    assert isinstance(root, Mapping)
    metadata, spec = root["metadata"], root["spec"]
    assert isinstance(metadata, Mapping)
    assert isinstance(spec, Mapping)
    labels = metadata["labels"]
    assert isinstance(labels, Mapping)
    assert (dict(labels), labels.open, list(spec), spec.open) == ({"app": "web"}, True, ["selector"], True)
    assert isinstance(spec["selector"], Unknown)
    assert _plain(thaw(placed).get("spec", "selector")) == {"${APP}": "x", "${OTHER}": "y"}


def _plain(node: object) -> dict[str, object]:
    entries = getattr(node, "entries", {})
    return {key: item.value for key, item in entries.items()}


def test_keys_of_a_program_are_keys(tmp_path: Path) -> None:
    files = {"root/kustomization.yaml": "resources: [all.yaml]\n", "root/all.yaml": CONFIG_MAP}
    (placed,) = build_files(tmp_path, files, "root").documents
    root = placed.document.root
    assert isinstance(root, Mapping)
    data: Value = root["data"]
    assert (plain(data), plain(as_written(data))) == ({"${A}": "b"}, {"${A}": "b", "{{ .x }}": "c"})


def test_a_secret_under_such_a_key_is_redacted(tmp_path: Path) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: hunter2, '${KEY}': hunter3}\n"
    files = {"root/kustomization.yaml": "resources: [all.yaml]\n", "root/all.yaml": secret}
    text = render_documents(redact_secrets(build_files(tmp_path, files, "root").documents).documents)
    assert ("hunter" in text, REDACTED in text) == (False, True)
