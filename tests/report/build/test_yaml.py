"""What a build prints is YAML that every reader takes for the same values, with origins or without."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from tests.build.built import plain

from kubeqed.parse import Document, Mapping, Place, PlacedDocument, Sequence, Value, parse
from kubeqed.parse.yaml.scalar import json_number
from kubeqed.report.build.scalars import dump_scalar, dump_text
from kubeqed.report.build.yaml import render_documents, sort_key
from kubeqed.report.escape import escape
from kubeqed.sources import SourceFile

# Words that some reader takes for another type, pieces that mean something in some place, and whatever else there is.
WORDS = """
y yes N off True null ~ = << 1 -1 010 0o14 0x1F 0b1 1_000 1e3 1.5 .5 5. +.inf .NaN 1:30 1:30:05.5 2001-01-01 2001-01-01T00:00:00Z
- -- --- ... : :: :8080 ? ?x ! !x & &x * *x # #x a#b % @ ` ' " {} [] {a:b} [a] , | > |- a:b a:
10.0.0.1 10.96.0.0/12 8080:80 --flag=x -Xmx512m 5m 100Mi nginx:1.25 http://a.b/c?d=e&f ##[error] ::error::x
""".split()
PIECES = [
    *WORDS,
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\r\n",
    ": ",
    " #",
    "- ",
    "---\n",
    "...\n",
    "a",
    "é",
    "\u2028",
    "\x85",
    "\ufeff",
    "😀",
    "\x00",
]
TEXTS = st.one_of(
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
NUMBERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(TEXTS, NUMBERS, st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=12,
)


def tree(value: Any) -> Value:
    """The value as parse would give it, all of it at one place."""
    if isinstance(value, dict):
        mapping = Mapping()
        mapping.update({key: tree(item) for key, item in value.items()})
        mapping.marks.extend([0] * 2 * len(value))
        return mapping
    if isinstance(value, list):
        sequence = Sequence()
        sequence.extend(map(tree, value))
        sequence.marks.extend([0] * len(value))
        return sequence
    return json_number(value) if isinstance(value, float) else value


def placed(value: object) -> PlacedDocument:
    return PlacedDocument("a.yaml", 0, Document(tree(value), 0, places=[Place("a.yaml", 0, 0)]))


def read(text: str) -> list[Any]:
    return [plain(one.document.root) for one in parse(SourceFile("b.yaml", text.encode())).documents]


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
@example({"a": [[["b\nc\n"]]], "d": [{"e": [" x\ny"]}], "f" * 2000: {"g": [1]}, "h" * 1001: "\n x"})
@example({"a": "x\n\n\n", "b": "\n", "c": " \n ", "d": "x\n\ty", "e": "\tx\ny", "f": "a \nb"})
@example({"::G": {"::h": ["::i", {"::j": 1}]}})  # a key's colon makes what GitHub takes for a command
def test_the_output_reads_as_the_same_values(value: dict[str, Any]) -> None:
    document = placed(value)
    expected = plain(document.document.root)
    for with_origins in (False, True):
        text = render_documents([document, document], with_origins=with_origins)
        assert read(text) == [expected, expected]
        assert escape(text) == text


@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
@given(text=TEXTS)
@example(text="${PORT}")
@example(text="{{ x }}")
def test_each_version_of_yaml_reads_a_text_as_itself(version: tuple[int, int], text: str) -> None:
    reader = YAML(typ="safe", pure=True)
    reader.version = version
    assert reader.load(render_documents([placed({"a": [text]})])) == {"a": [text]}


@given(TEXTS)
def test_a_text_of_one_line_stays_on_it(text: str) -> None:
    assert "\n" not in dump_text(text)
    assert read(f"- {dump_text(text)}\n") == [[text]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("web", "web"),
        ("nginx:1.25", "nginx:1.25"),
        ("--flag=x", "--flag=x"),
        ("10.0.0.1", "10.0.0.1"),
        ("8080:80", "8080:80"),
        ("yes", '"yes"'),
        ("NO", '"NO"'),
        ("~", '"~"'),
        ("", '""'),
        ("0755", '"0755"'),
        ("1_000", '"1_000"'),
        ("1:30", '"1:30"'),
        ("2001-01-01", '"2001-01-01"'),
        ("1e3", '"1e3"'),
        (".inf", '".inf"'),
        ("a: b", "'a: b'"),
        ("it's: x", "'it''s: x'"),
        ("*.example.com", "'*.example.com'"),
        ("{{ .x }}", "'{{ .x }}'"),
        ("a\tb", '"a\\tb"'),
        ("a\u200bb", '"a\\u200bb"'),
        ("a\U000e0041b", '"a\\U000e0041b"'),
        ("##[error]x", '"#\\u0023[error]x"'),
        (True, "true"),
        (None, "null"),
        (1000, "1000"),
        (1e30, "1.0e+30"),
        (-1.5, "-1.5"),
    ],
)
def test_the_style_of_a_scalar(value: Any, text: str) -> None:
    assert dump_scalar(value) == text


def test_lines_become_a_literal_block() -> None:
    text = render_documents([placed({"a": "x\n", "b": "x\ny", "c": "x\n\n", "d": ["\n x\n"], "e": "x\r\ny\n"})])
    assert text == 'a: |\n  x\nb: |-\n  x\n  y\nc: |+\n  x\n\nd:\n- |2\n\n   x\ne: "x\\r\\ny\\n"\n'


def test_keys_stand_in_the_order_of_the_tool() -> None:
    keys = ["b", "a10", "a9", "a-b", "ab", "a1b", "a1-", "A", "_", "1", "01", "10", "9" * 5000]
    assert sorted(keys, key=sort_key) == [
        "_",
        "1",
        "01",
        "10",
        "9" * 5000,
        "A",
        "a-b",
        "a1b",
        "a1-",
        "a9",
        "a10",
        "ab",
        "b",
    ]


def test_a_comment_says_where_each_line_was_set() -> None:
    source = "metadata:\n  name: web\nspec: {ports: [{port: 80}], tls: {}}\ntext: |\n  one\n  two\n"
    (document,) = parse(SourceFile("base/web.yaml", source.encode())).documents
    assert render_documents([document], with_origins=True).splitlines() == [
        "# from base/web.yaml:1",
        "metadata:     # base/web.yaml:1",
        "  name: web   # base/web.yaml:2",
        "spec:         # base/web.yaml:3",
        "  ports:      # base/web.yaml:3",
        "  - port: 80  # base/web.yaml:3",
        "  tls: {}     # base/web.yaml:3",
        "text: |       # base/web.yaml:4",
        "  one",
        "  two",
    ]


def test_a_comment_of_an_alias_names_its_anchor_too() -> None:
    (document,) = parse(SourceFile("a.yaml", b"a: &x web\nb: *x\nc: {d: *x}\n")).documents
    assert render_documents([document], with_origins=True).splitlines()[2:] == [
        "b: web    # a.yaml:2, alias of a.yaml:1",
        "c:        # a.yaml:3",
        "  d: web  # a.yaml:3, alias of a.yaml:1",
    ]


def test_a_name_of_a_file_stays_in_its_comment() -> None:
    (document,) = parse(SourceFile("a\nb: c\u202e.yaml", b"d: e\n")).documents
    text = render_documents([document], with_origins=True)
    assert read(text) == [{"d": "e"}]
    assert isinstance(document.document.root, Mapping)
