"""What a build prints holds no value of a Secret, wherever the build has put it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.build.built import build_files, plain

from kubeqed.model.confidential.built import REDACTED, redact_message, redact_secrets
from kubeqed.parse import parse
from kubeqed.sources import SourceFile

SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: login, labels: {a: b}}\ntype: Opaque\n"


def redacted(text: str) -> list[Any]:
    documents = parse(SourceFile("a.yaml", text.encode())).documents
    return [plain(one.document.root) for one in redact_secrets(documents).documents]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("data: {a: eA==, b: eQ==}", {"data": {"a": REDACTED, "b": REDACTED}}),
        ("stringData: {a: x, b: 7, c: [x]}", {"stringData": dict.fromkeys("abc", REDACTED)}),
        ("data: x", {"data": REDACTED}),
        ("stringData: {slipped: }", {"stringData": REDACTED}),
        ("stringData: {'a b': x}", {"stringData": REDACTED}),
        ("password: x", {"password": REDACTED}),
        ("data: {a: '${PASSWORD:-x}'}", {"data": {"a": REDACTED}}),
        ("immutable: true", {"immutable": True}),
    ],
)
def test_of_a_secret_the_keys_are_left(data: str, expected: dict[str, Any]) -> None:
    (shown,) = redacted(SECRET + data)
    assert (
        shown
        == {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "login", "labels": {"a": "b"}},
            "type": "Opaque",
        }
        | expected
    )


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("kind: SecretList\nitems: [{metadata: {name: a}, data: {a: x}}]", ("items", 0, "data", "a")),
        ("kind: List\nitems: [{kind: Secret, metadata: {name: a}, data: {a: x}}]", ("items", 0, "data", "a")),
        ("kind: Template\nobjects: [{kind: Secret, stringData: {a: x}}]", ("objects", 0, "stringData", "a")),
        ("kind: Secrt\ndata: {a: x}", ("data", "a")),
        (
            "metadata: {annotations: {kubectl.kubernetes.io/last-applied-configuration: x}}",
            ("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"),
        ),
    ],
)
def test_secrets_within_other_objects(text: str, path: tuple[Any, ...]) -> None:
    (value,) = redacted(f"apiVersion: v1\n{text}")
    for step in path:
        value = value[step]
    assert value == REDACTED


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {password: x, b: 'kind: Secret'}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: '{kind: Secret, data: {a: x}}'}\n",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {properties: {stringData: {type: object}}}\n",
        "apiVersion: apps/v1\nkind: Deployment\nspec: {env: [{name: A, value: x}], args: [x]}\n",
        "apiVersion: a.example.com/v1\nkind: Release\nspec: {valuesFrom: [{kind: Secret, name: a, valuesKey: b}]}\n",
        "apiVersion: a.example.com/v1\nkind: Secret\nmetadata: {name: a}\nspec: {path: x}\n",
    ],
)
def test_what_is_no_value_of_a_secret_is_left(text: str) -> None:
    documents = parse(SourceFile("a.yaml", text.encode())).documents
    assert redacted(text) == [plain(one.document.root) for one in documents]
    assert redact_secrets(documents).redacted == 0


COPYING = """\
resources: [secret.yaml, web.yaml]
replacements:
- source: {kind: Secret, name: login, fieldPath: %s}
  targets: [{select: {kind: ConfigMap}, fieldPaths: [data.copy], options: {create: true}}]
vars:
- {name: COPY, objref: {apiVersion: v1, kind: Secret, name: login}, fieldref: {fieldpath: %s}}
"""
WEB = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {}
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: web, args: [a$(COPY)b]}]}
"""


@pytest.mark.parametrize(
    ("path", "is_secret"), [("data.password", True), ("stringData.plain", True), ("metadata.name", False)]
)
@pytest.mark.parametrize("local", ["", "  annotations: {config.kubernetes.io/local-config: 'true'}\n"])
def test_a_value_that_a_build_copies_out_of_a_secret(path: str, is_secret: bool, local: str, tmp_path: Path) -> None:
    secret = f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: login\n{local}data: {{password: eA==}}\nstringData: {{plain: y}}\n"
    files = {
        "overlay/kustomization.yaml": COPYING % (path, path),
        "overlay/secret.yaml": secret,
        "overlay/web.yaml": WEB,
    }
    built = build_files(tmp_path, files)
    assert not built.refusals
    shown = {one["kind"]: one for one in (plain(d.document.root) for d in redact_secrets(built.documents).documents)}
    value = {"data.password": "eA==", "stringData.plain": "y", "metadata.name": "login"}[path]
    assert shown["ConfigMap"]["data"]["copy"] == (REDACTED if is_secret else value)
    assert shown["Pod"]["spec"]["containers"][0]["args"] == [REDACTED if is_secret else f"a{value}b"]


def test_a_message_quotes_nothing_confidential() -> None:
    text = SECRET + 'stringData: {a: no, b: hunter22, c: "one\\ntwo", d: 123456, e: &e hunter33, f: [*e]}'
    documents = parse(SourceFile("a.yaml", text.encode())).documents
    quoting = 'no such file: hunter22, "one\\ntwo", 123456, hunter33'
    assert redact_message(quoting, documents) == 'no such file: ***, "***", ***, ***'
