"""Files into documents: splitting, decoding, JSON, and what one broken document costs."""

from __future__ import annotations

import codecs
import gc

import pytest
from tests.parse.reading import document, documents, messages, plain, read, root

from kubeqed.parse import Mapping
from kubeqed.rule.reasons import RULE_OF_PROBLEM

COUNTS = [
    ("", 0),
    ("\n", 0),
    ("# c\n", 0),
    ("---\n", 0),
    ("---\n---\n# c\n---", 0),
    ("...\n", 0),
    ("%YAML 1.1\n---\n", 0),
    ("null\n", 0),
    ("a: b", 1),
    ("a: b\n---\n", 1),
    ("a: b\n--- \nc: d\n---\t\ne: f\n", 3),
    ("a: b\n--- c: d\n", 2),
    ("a: b\n...\nc: d\n...\n", 2),
    ("a: ---\nb: x---\n", 1),
    (" ---\n", 1),
    ("---a: b", 1),
    ("%YAML 1.1\n---\na: b\n...\n# c\n%YAML 1.1\n%TAG ! tag:x,2000:\n---\nc: d\n", 2),
    ("# %\n---\na: 1", 1),
]


@pytest.mark.parametrize(("text", "count"), COUNTS)
def test_count(text: str, count: int) -> None:
    found = documents(text)
    assert len(found) == count
    assert not any(one.broken for one in found if "a: b\n--- c" not in text)


def test_broken_document_hides_no_other() -> None:
    text = "a: 1\n---\nb: [\n---\nc: 3\n"
    first, second, third = read(text).documents
    assert (first.document.root, third.document.root) == ({"a": 1}, {"c": 3})
    assert second.document.broken
    assert second.document.root is None
    (problem,) = second.document.problems
    assert RULE_OF_PROBLEM[problem.kind] == "parse-error"
    assert second.placed(problem.mark).span.line == 3


def test_piece_after_an_end_marker() -> None:
    first, second = read("a: 1\r\n...\r\nb: [\r\n").documents
    assert first.document.root == {"a": 1}
    assert (second.document.broken, second.first_line) == (True, 2)


def test_what_stands_before_a_failure_in_the_same_piece_is_kept() -> None:
    first, second = documents("{a: 1}\nb: 2\n")
    assert first.root == {"a": 1}
    assert second.broken


def test_first_lines() -> None:
    assert [placed.first_line for placed in read("a: 1\n---\nb: 2\n\n---\nc: 3").documents] == [0, 1, 4]


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("a: b: c\n", 1, 5, "mapping values are not allowed"),
        ("a:\n\tb: c\n", 2, 1, "a tab stands"),
        ("a: [b\n", 1, 5, "did not find"),
        ("{a: b}\nc: d\n", 2, 1, "the document ends above this"),
        ("a: b\x07c\n", 1, 5, "control character U+0007"),
        ("é: \x00", 1, 4, "control character U+0000"),
        ('a: "b\n\n\n', 1, 5, "unexpected end of stream"),
    ],
)
def test_parse_error_has_a_place(text: str, line: int, column: int, part: str) -> None:
    ((rule, message, at_line, at_column),) = messages(text)
    assert rule == "parse-error"
    assert part in message
    assert "\n" not in message
    assert (at_line, at_column) == (line, column)


def test_a_byte_order_mark_below_a_separator_counts_nothing() -> None:
    parsed = read(b"a: b\n---\n" + codecs.BOM_UTF8 + b"c: d\ne: f\n")
    assert [placed.document.root for placed in parsed.documents] == [{"a": "b"}, {"c": "d", "e": "f"}]


def test_byte_order_mark_counts_nothing() -> None:
    parsed = read(codecs.BOM_UTF8 + b"a: b")
    assert parsed.text == "a: b"
    assert parsed.documents[0].at("a").span.column == 4


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(encoding: str) -> None:
    mark = {"utf-16": b"", "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[encoding]
    assert root(mark + "é: 😀".encode(encoding)) == {"é": "😀"}


@pytest.mark.parametrize(
    ("content", "message", "line", "column"),
    [
        (b"a: b\n\xc3\xa9: x\xff\n", "not UTF-8: byte 0xff", 2, 5),
        (b"\xef\xbb\xbfa: \xe9", "not UTF-8: byte 0xe9", 1, 4),
        (b"\xff\xfea\x00\x00\xdc", "not UTF-16: byte 0x00", 1, 2),
    ],
)
def test_bad_bytes(content: bytes, message: str, line: int, column: int) -> None:
    ((rule, said, at_line, at_column),) = messages(content)
    assert rule == "parse-error"
    assert message in said
    assert (at_line, at_column) == (line, column)
    assert document(content).broken


def test_json_texts_in_a_row() -> None:
    text = '{"a": "}{"}\n{"b": [1]} {"c":2}\n[3]'
    parsed = read(text)
    assert [plain(placed.document.root) for placed in parsed.documents] == [{"a": "}{"}, {"b": [1]}, {"c": 2}, [3]]
    span = parsed.documents[2].at("c").span
    assert (span.line, span.column) == (2, 17)


def test_json_spelling_of_astral_characters() -> None:
    assert root('{"a": "\\ud83d\\ude00", "b/c": "\\/"}') == {"a": "😀", "b/c": "/"}


def test_broken_json_keeps_its_error() -> None:
    assert document('{"a": 1').broken


NOTES = [
    '# Install Kong\n\n$ kubectl apply -f https://kong.example\n\n# and then\n\necho "{}" | kubectl apply -f -\n',
    "kubectl create namespace shop\n\n{}",
    "---\ncat <<EOF | kubectl apply -f -\n{}EOF\n",
    "#!/bin/sh\nset -e\nkubectl apply -f - <<'EOF'\n{}EOF\n",
    'Release "shop" has been upgraded.\nNAME: shop\nLAST DEPLOYED: Fri Sep 13 09:52:43 2024\nNAMESPACE: shop\nMANIFEST:\n{}',
]
BROKEN = [
    "{} spec: [",
    "{}  labels:\n\ta: b\n",
    "{}kubectl apply -f shop.yaml\n",
    "apiVersion v1\n{}",
    "{}spec:\n  args:\n  - |\n    kubectl apply -f - <<EOF\n    EOF\n b: c\n",
    "kubectl: x\n{} a: b\n",
    "<<<<<<< HEAD\n{}",
]


@pytest.mark.parametrize(("text", "lost"), [*((text, False) for text in NOTES), *((text, True) for text in BROKEN)])
def test_a_script_or_a_report_with_an_object_in_it_is_no_broken_manifest(text: str, lost: bool) -> None:
    found = documents(text.format("kind: Service\nmetadata:\n  name: web\n"))
    assert [one.lost for one in found if one.broken] == [lost]


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("a: [", False),
        ("a:\n  kind: [", True),
        ("rules:\n- apiVersion: v1\n   kind: b", True),
        ("a: b\n---\nb: [\n---\n'kind': c", True),
        ("a: b\n---\nb: [\n---\nmy-kind: c", False),
        ("# kind: c\na: [\n", False),
        ('{"group": {\n"kind": "build" // c\n}}', False),
        ('{"apiVersion": "v1", "kind": "Pod", "metadata": {"na', True),
        ('{\n  // c\n  "a": 1\n}', False),
        ('{"a": 1, // c\n "b": 2}', False),
        ('// c\n{"a": 1}', False),
        ('{\n  // c\n  "apiVersion": "v1", "kind": "Service"\n}', True),
        ('{"a": "http://x", "b" 1}', False),
    ],
)
def test_an_object_is_lost_only_where_a_line_begins_with_apiversion_or_kind(text: str, lost: bool) -> None:
    (broken,) = (found for found in documents(text) if found.broken)
    assert (broken.root, broken.lost, broken.is_manifest) == (None, lost, lost)
    assert [RULE_OF_PROBLEM[problem.kind] for problem in broken.problems] == ["parse-error"]


def test_key_defined_twice() -> None:
    text = "spec:\n  a.b: {app: 1}\n  x: [{app: 2, app: 3}]\n  a.b: 4\n"
    found = document(text)
    inner, outer = found.problems
    assert (RULE_OF_PROBLEM[inner.kind], inner.path) == ("key-defined-twice", "spec.x[0].app")
    assert inner.message == 'key "app" is defined twice, the last one wins'
    assert outer.path == 'spec["a.b"]'
    assert [sentence for _, sentence in outer.related] == ["defined first here"]
    placed = read(text).documents[0]
    assert placed.placed(outer.mark).span.line == 4
    assert placed.placed(outer.related[0][0]).span.line == 2
    assert plain(found.root) == {"spec": {"a.b": 4, "x": [{"app": 3}]}}


def test_key_defined_thrice_and_new_keys_between() -> None:
    found = document("a: 1\nb: 1\na: 2\nc: 1\nd: 1\nc: 2\na: 3\nd: 2\n")
    assert len(found.problems) == 4
    assert found.root == {"a": 3, "b": 1, "c": 2, "d": 2}


def test_merge() -> None:
    # kubectl v1.32.4: the merge overrides what stands above it, and what stands below overrides the merge.
    text = """
base: &b {k: merged, j: 1}
above:
  k: own
  <<: *b
below:
  <<: *b
  k: own
several:
  <<: [*b, {k: second, z: 2}]
tagged:
  !!merge <<: {q: 1}
quoted:
  "<<": 3
"""
    found = root(text)
    assert isinstance(found, Mapping)
    assert found["above"] == {"k": "merged", "j": 1}
    assert found["below"] == {"k": "own", "j": 1}
    assert found["several"] == {"k": "merged", "j": 1, "z": 2}
    assert found["tagged"] == {"q": 1}
    assert found["quoted"] == {"<<": 3}
    below = found["below"]
    assert isinstance(below, Mapping)
    assert len(below.marks) == 4


@pytest.mark.parametrize("text", ["a: {<<: 3}", "a: {<<: [3]}", "x: &x [1]\na: {<<: *x}", "a: {<<: }"])
def test_merge_of_no_mapping(text: str) -> None:
    found = document(text)
    assert [(RULE_OF_PROBLEM[problem.kind], problem.path) for problem in found.problems] == [("parse-error", "a")]
    assert isinstance(found.root, Mapping)
    inner = found.root["a"]
    assert isinstance(inner, Mapping)
    assert inner.open


def test_key_twice_below_a_merge() -> None:
    found = document("x: &x {a: 1}\nz:\n  <<: *x\n  a: 2\n  a: 3\n")
    assert [problem.path for problem in found.problems] == ["z.a"]


@pytest.mark.parametrize("enabled", [True, False])
def test_garbage_collector_is_left_as_it_was(enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        read("a: [")
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
