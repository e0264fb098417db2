"""Where marks stand."""

from __future__ import annotations

import pytest
from tests.parse.reading import document, read, root, spanned, under

from kubeqed.parse import Mapping, locate, value_at

SHAPES = [
    ("a: web", "a", "web"),
    ("a: 'web' # c", "a", "'web'"),
    ('a: "we\\tb"', "a", '"we\\tb"'),
    ("é: [ü, ö]", "é[1]", "ö"),
    ("a: 😀 x", "a", "😀 x"),
    ("a:", "a", "a"),
    ("a: # nothing", "a", "a"),
    ("a: ~", "a", "~"),
    ("a: {}", "a", "a"),
    ("a: []", "a", "a"),
    ("a:\n  b: c", "a", "a"),
    ("a:\n- b", "a", "a"),
    ("'a b': {c: d}", "a b", "'a b'"),
    ("a: |\n  x\n", "a", "|"),
    ("a: |2-  # c\n  x\n", "a", "|2-"),
    ("a: >+\n  x\n\n", "a", ">+"),
    ("a: one\n  two  \n  three\nb: c", "a", "one"),
    ("a: one two  \n  three\n", "a", "one two"),
    ('a: "one\n  two"\n', "a", '"one'),
    ("a: 'one  \n  two'\n", "a", "'one"),
    ("- a: b\n  c: d\n", "[0]", "a"),
    ("- - a\n  - b\n", "[0]", "-"),
    ("- [a]\n", "[0]", "["),
    ("- []\n", "[0]", "["),
    ("- {}\n", "[0]", "{"),
    ("- {a: b}\n", "[0]", "a"),
    ("- { 'a': b}\n", "[0]", "'a'"),
    ("-\n", "[0]", "-"),
    ("x:\n  - \n  - a\n", "x[0]", "-"),
    ("x:\n  - &y\n  - a\n", "x[0]", "-"),
    ("[a, [b]]", "[1]", "["),
    ("[a: b]", "[0]", "a"),
    ("[? a : b]", "[0]", "a"),
    ("? a\n: b", "a", "b"),
    ("a: &x web", "a", "web"),
    ("a: &x !!str web", "a", "web"),
    ("a: !!str &x 'web'", "a", "'web'"),
    ("a: !!str\n  web", "a", "web"),
    ("a: &x # why\n  web\n", "a", "web"),
    ("a: &x |\n  web\n", "a", "|"),
    ("a: !!str", "a", "a"),
    ("a: &x", "a", "a"),
    ("- &x {a: b}", "[0]", "a"),
    ("- &x []", "[0]", "["),
    ("- &x\n  - a", "[0]", "-"),
    ("- &x\n  a: b", "[0]", "a"),
    ("- !!map {}", "[0]", "{"),
    ("a: &x web\nb: *x", "b", "*x"),
    ("a: &x {c: d}\nb: *x", "b", "*x"),
    ("a: &x {c: d}\nb: *x", "b.c", "d"),
    ("- &x a\n- *x\n", "[1]", "*x"),
    ("a: &x {c: d}\nb:\n  <<: *x\n", "b.c", "<<"),
    ("a: &x {c: d}\nb:\n  <<: *x\n  c: e\n", "b.c", "e"),
    ("- <<: {a: b}\n", "[0]", "<<"),
    ("[{é: x:y, b: 'q:r'}, w:1]", "[0].b", "'q:r'"),
    ("[{é: x:y, b: 'q:r'}, w:1]", "[1]", "w:1"),
    ("--- {a: b}", "a", "b"),
    ("--- # c\na: b", "a", "b"),
    ('{\n\t"a": [1,\n\t\t23]\n}', "a[1]", "23"),
]


@pytest.mark.parametrize(("text", "path", "covered"), SHAPES)
def test_span(text: str, path: str, covered: str) -> None:
    assert spanned(text, path) == covered


def test_columns_count_code_points() -> None:
    place = read("ключ: {ё: 'ä😀', b: end}").documents[0].at("ключ.b")
    assert (place.span.line, place.span.column, place.span.end_column) == (1, 20, 23)


TOPS = [
    ("# c\n\na: b", "a"),
    ("- a: b", "a"),
    ("- b", "b"),
    ("web", "web"),
    ("[]", "["),
    ("&x\na: b", "a"),
    ("- - a", "-"),
]


@pytest.mark.parametrize(("text", "top"), TOPS)
def test_top(text: str, top: str) -> None:
    assert under(text, document(text).top) == top


def test_missing_field_gives_its_nearest_parent() -> None:
    text = "metadata: {name: x}\nspec:\n  ports:\n  - port: 1\n"
    found = document(text)
    for path, covered in [("spec.ports[0].name", "port"), ("spec.ports[3]", "ports"), ("status.x", "metadata")]:
        mark, exists = locate(found.root, path, found.top)
        assert (exists, under(text, mark)) == (False, covered)


def test_key_place() -> None:
    placed = read("a: {b: 1}").documents[0]
    assert placed.key_at("a.b").span.column == 5
    assert placed.at("a.b").span.column == 8


def test_alias_leads_to_its_anchor() -> None:
    text = "a: !!map &x {c: d}\nb: *x\n"
    place = read(text).documents[0].at("b")
    assert place.anchor is not None
    assert under(text, place.anchor) == "&x"
    assert place.anchor_span is not None
    assert place.anchor_span.column == 10


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_an_editor(end: str) -> None:
    text = end.join(["# c", "a: b", "---", "c:", "- d", "- 'e", "  f'", ""])
    first, second = read(text).documents
    assert first.at("a").span.line == 2
    span = second.at("c[1]").span
    assert (span.line, span.column, span.end_column) == (6, 3, 5)
    assert second.document.root == {"c": ["d", "e f"]}


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_breaks_of_yaml_alone_end_no_line(sign: str) -> None:
    text = f'a: "x{sign} y"\nb: web\nc: "{sign}{sign}" \nd: {{e: f}}\n'
    assert spanned(text, "b") == "web"
    assert spanned(text, "d.e") == "f"
    assert read(text).documents[0].at("d.e").span.line == 4


def test_line_longer_than_a_mark_counts() -> None:
    found = root("a: " + "x" * (1 << 20) + "\nb: {" + " " * (1 << 20) + "c: d}")
    assert isinstance(found, Mapping)
    assert found["b"] == {"c": "d"}


def test_marks_follow_the_order_of_keys() -> None:
    text = "a: 1\nb: 2\na: 3\nc: 4\nb: 5\n"
    found = document(text).root
    assert isinstance(found, Mapping)
    assert [(key, under(text, found.key_mark(key)), under(text, found.value_mark(key))) for key in found] == [
        ("a", "a", "3"),
        ("b", "b", "5"),
        ("c", "c", "4"),
    ]
    assert len(found.marks) == 6


def test_marks_of_many_keys() -> None:
    names = [f"k{number}" for number in range(100)]
    text = "x: &x {k1: a, z: b}\n" + "".join(f"{name}: v{name}\n" for name in names) + "<<: *x\n"
    found = document(text).root
    assert isinstance(found, Mapping)
    assert [under(text, found.key_mark(name)) for name in names if name != "k1"] == [n for n in names if n != "k1"]
    assert [under(text, found.value_mark(name)) for name in names[2:]] == [f"v{name}" for name in names[2:]]
    assert under(text, found.value_mark("z")) == "<<"
    with pytest.raises(KeyError):
        found.key_mark("absent")


LITERALS = [
    ("a: |\n  one\n  two x\n", "x"),
    ("a:\n  - b\n  - |+\n\n     one\n      two x\n\n", "x"),
    ("a: |2\n    one\n  x\n", "x"),
    ("a: &b\n  |\n  one\n  x\n", "x"),
    ("a: &b !!str |- # c\n  one\n\n  x\nd: *b\n", "x"),
]


@pytest.mark.parametrize(("text", "wanted"), LITERALS)
def test_a_stretch_of_a_literal_block_stands_where_it_is_written(text: str, wanted: str) -> None:
    placed = read(text).documents[0]
    path = "a[1]" if "- b" in text else "a"
    value = value_at(placed.document.root, path)
    assert isinstance(value, str)
    start = value.index(wanted)
    found = placed.at(path).within(value, start, start + len(wanted))
    assert under(text, found.mark) == wanted
    assert [through.place.span.line for through in found.through] == [placed.at(path).span.line]


@pytest.mark.parametrize(
    "text", ["a: >\n  one\n  x\n", "a: 'one\n  x'\n", "a: one\n  x\n", "b: &c |\n  one\n  x\na: *c\n"]
)
def test_a_stretch_of_any_other_text_stands_where_the_text_does(text: str) -> None:
    place = read(text).documents[0].at("a")
    assert place.within("one\nx", 4, 5) == place
