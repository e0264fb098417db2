"""What no report may print: secrets wherever they stand, and how much of a program's text is shown."""

from __future__ import annotations

import pytest
from tests.model.canaries import CANARY, canaries

from kubeqed.model.confidential.plain_values import PlainValues, Spot
from kubeqed.model.confidential.redacted_lines import redact_lines
from kubeqed.model.confidential.values import redact_program_text
from kubeqed.parse import parse
from kubeqed.sources import SourceFile


@pytest.mark.parametrize("name", sorted(canaries()))
def test_no_line_shows_a_secret(name: str) -> None:
    text = canaries()[name]
    lines = redact_lines(parse(SourceFile(name, text.encode())), ())
    assert CANARY not in "\n".join(lines)
    assert [len(line) for line in lines] == [len(line) for line in text.split("\n")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("shop", "shop"),
        ("shop:8080", "shop:8080"),
        ("shop.prod:8080", "shop.prod:8080"),
        ("other", "*****"),
        ("other.prod", "**********"),
        ("other.prod.svc", "other.prod.svc"),
        ("db-0.db.prod.svc.cluster.local:5432", "db-0.db.prod.svc.cluster.local:5432"),
        ("correct.horse.battery", "*********************"),
        ("https://example.com", "https://example.com"),
        ("amqp://user:secret@mq:5672/v?key=1", "amqp://************mq:5672********"),
        ("--url=http://shop/token", "--url=http://shop******"),
        ("--secure=true", "--secure=true"),
        ("--pin=1234", "--pin=****"),
        ("-psecret", "********"),
        ("two words", "*** *****"),
    ],
)
def test_of_a_program_s_text_names_in_the_network_are_shown(text: str, shown: str) -> None:
    assert redact_program_text(text, {"shop"}) == shown


def test_what_is_no_secret_is_shown() -> None:
    text = """\
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: shop}
type: Opaque
stringData:
  user: admin
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {env: production}}
spec: {selector: {env: production}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: web, env: [{name: DB, value: web}, {name: A, valueFrom: {secretKeyRef: {name: login, key: a}}}]}]}
"""
    lines = redact_lines(parse(SourceFile("all.yaml", text.encode())), {"web"})
    assert lines == text.replace("admin", "*****").split("\n")


def test_a_broken_manifest_keeps_its_keys() -> None:
    text = "kind: Service\nmetadata:\n  name: web\nspec:\n  type: [NodePort\n  args: x\n"
    lines = redact_lines(parse(SourceFile("web.yaml", text.encode())), ())
    assert lines == text.replace("args: x", "args: *").split("\n")


def test_the_lines_of_a_file_of_which_nothing_was_parsed_are_shown_without_what_may_be_a_secret() -> None:
    parsed = parse(SourceFile("kubeqed.yaml", b"cluster:\n  node_port_range: 30000-30100\n  env: hunter2\n"))
    lines = redact_lines(parsed._replace(documents=()), ())
    assert lines[:2] == ["cluster:", "  node_port_range: 30000-30100"]
    assert "hunter2" not in lines[2]


def test_a_value_under_a_key_that_is_to_be_filled_in_is_not_shown() -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {'${KEY}': c2VjcmV0, other: aGVsbG8=}\nstringData:\n  ${KEY}: hunter2\n"
    shown = "\n".join(redact_lines(parse(SourceFile("s.yaml", text.encode())), ()))
    assert not any(value in shown for value in ("c2VjcmV0", "aGVsbG8=", "hunter2"))


def test_of_a_charts_values_only_what_a_plain_field_shows_is_shown() -> None:
    text = 'db:\n  adminPassword: Canary1\n  port: 5432\n  host: web\napi: {authToken: "Canary2", name: x}\nsecrets:\n  - Canary3\n'
    parsed = parse(SourceFile("values.yaml", text.encode()), objects_only=True)
    lines = redact_lines(parsed, (), PlainValues({Spot(3, 8): 11}))
    assert "Canary" not in "\n".join(lines)
    assert lines[2:4] == ["  port: 5432", "  host: web"]
    assert redact_lines(parsed, ())[2:4] == ["  port: 5432", "  host: ***"]


@pytest.mark.parametrize(
    ("action", "is_shown"),
    [
        ("{{ .Values.password }}", True),
        ("{{- $.Values.auth.password | b64enc | quote -}}", True),
        ("{{ toYaml .Values.tls | nindent 4 }}", True),
        ("{{ .Release.Name }}", True),
        ("{{ quote 12 }}", False),
        ("{{ .Values.password hunter }}", False),
        ("{{ .Values.password | default 12 }}", False),
        ('{{ .Values.password | default "hunter2" }}', False),
        ("{{ `hunter2` | b64enc }}", False),
        ("{{ hunter2 }}", False),
        ("{{ .hunter2 }}", False),
    ],
)
def test_of_actions_those_are_shown_that_only_name_a_value(action: str, is_shown: bool) -> None:
    text = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: x}}\nstringData:\n  a: x{action}y\n"
    line = redact_lines(parse(SourceFile("templates/secret.yaml", text.encode())), ())[4]
    hidden = "".join(" " if letter == " " else "*" for letter in action)
    assert line[5:] == f"*{action if is_shown else hidden}*"
