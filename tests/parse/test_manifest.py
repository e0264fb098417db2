"""What is passed over by its words holds no object, and nothing comes out of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mutants import mutants

from kubeqed.apiserver import find_misspelt_type
from kubeqed.app.load import read_manifest
from kubeqed.model.units.producer import find_producers
from kubeqed.parse import parse
from kubeqed.sources import SourceFile

LINES = st.sampled_from(
    ["apiVersion: v1", "kind: Service", '"kind": "Pod",', "metadata: {name: a}", '{"apiVersion": "v1",', "kind", "}", "{",
     "apiVersion", "a: b", "- c", "---", "{{ if .x }}", "{{ end }}", "${X}", "{{ include . }}", "a: {{ x }}", "<<: ${X}",
     '"a": "{{ x }}"', "[", "]", "x: &x apiVersion", "*x : v1", '"\\u0061piVersion": v1', '? "api\\', "  <name>: x", "kind: *k",
     "# kind: x", "a: |", "  kind: Pod", "%YAML 1.1", "- kind: Pod", "[{kind: Pod, apiVersion: v1}]", "{metadata: {}, kind: Pod}"]
)  # fmt: skip

BEGINS = re.compile(r"""^(?:[ \t{"']|- )*(?:apiVersion|kind)\b""", re.MULTILINE)


def holds_nothing(text: str) -> bool:
    """Whether the text, read in full, says nothing; only files of which a line begins with a key get findings."""
    manifest = read_manifest(parse(SourceFile("x.yaml", text.encode())))
    said = (find_misspelt_type(placed.document.root, named=False) for placed in manifest.documents)
    return not (manifest.objects or any(find_producers(manifest)) or (BEGINS.search(text) and any(map(any, said))))


@settings(max_examples=300)
@given(st.lists(LINES, max_size=6).map("\n".join) | mutants())
def test_nothing_is_lost(text: str) -> None:
    parsed = parse(SourceFile("x.yaml", text.encode()), objects_only=True)
    assert not parsed.passed_over or holds_nothing(text)
    in_full = parse(SourceFile("x.yaml", text.encode())).documents
    assert parsed.passed_over or len(parsed.documents) == len(in_full)


@pytest.mark.parametrize(
    "text",
    [
        '{"kind": "graph", "title": "a"}',
        '{\n  "legend": "{{instance}} <b>",\n  "kind": "x"\n}',
        "image: nginx\nservice:\n  type: ClusterIP  # a kind\n",
        "a: |\n  apiVersion is a word\n",
        "[]",
        "",
    ],
)
def test_other_files_are_passed_over(text: str) -> None:
    assert parse(SourceFile("x.yaml", text.encode()), objects_only=True).passed_over


@pytest.mark.parametrize(
    "text",
    [
        '{"metadata": {"name": "a"}, "apiVersion": "v1", "kind": "Pod"}',
        '{"metadata": {"name": "a"}, "kind": "Service"}',
        '{"\\u0061piVersion": "v1", "kind": "Pod"}',
        '[{{ include "x" . }}]',
        '{{ include "x" . }}',
        "${MANIFEST}",
        "kind: Pod",
    ],
)
def test_what_may_be_an_object_is_read(text: str) -> None:
    assert not parse(SourceFile("x.yaml", text.encode()), objects_only=True).passed_over
