"""A text that knows its origins is the same text after every operation, and each character keeps its origin."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.build.gotemplate.executed import run

from kubeqed.build.gotemplate.origin import Origin, TemplateSource
from kubeqed.build.gotemplate.text import TextBuilder, TracedText, concat, cut, indent, trim

LETTERS = st.text(alphabet="ab \n\té", max_size=12)
SOURCE = TemplateSource("x", "x", "0123456789" * 8)


@st.composite
def traced(draw: st.DrawFn) -> TracedText:
    builder = TextBuilder()
    for number, part in enumerate(draw(st.lists(LETTERS, max_size=4))):
        builder.add(part, Origin(source=SOURCE, offset=10 * number), is_verbatim=draw(st.booleans()))
    return builder.text()


def origins(text: str) -> list[int]:
    assert isinstance(text, TracedText)
    found = [text.origin_at(offset) for offset in range(len(text))]
    return [-1 if one is None else one.offset for one in found]


@given(traced(), traced())
def test_joined_texts_keep_their_origins(one: TracedText, other: TracedText) -> None:
    both = concat(one, other)
    assert both == str(one) + str(other)
    assert origins(both) == origins(one) + origins(other)


@given(traced(), st.integers(0, 40), st.integers(0, 40))
def test_a_stretch_of_a_text_keeps_its_origins(text: TracedText, start: int, end: int) -> None:
    part = cut(text, start, end)
    assert part == str(text)[start:end]
    assert origins(part) == origins(text)[start:end]


@given(traced(), st.booleans(), st.booleans())
def test_a_trimmed_text_is_a_stretch_of_it(text: TracedText, left: bool, right: bool) -> None:
    made = trim(text, left=left, right=right)
    plain = str(text)
    assert made == (plain.strip() if left and right else plain.lstrip() if left else plain.rstrip() if right else plain)


@given(traced(), st.integers(0, 5))
def test_an_indented_text_keeps_the_origin_of_each_line(text: TracedText, count: int) -> None:
    made = indent(text, count)
    pad = " " * count
    assert made == pad + str(text).replace("\n", "\n" + pad)
    assert isinstance(made, TracedText)
    at = count
    for offset, character in enumerate(text):
        assert made.origin_at(at) is not None
        assert origins(made)[at] == origins(text)[offset]
        at += 1 + (count if character == "\n" else 0)


def test_text_of_a_template_stands_at_its_own_offset() -> None:
    text = "a: 1\nb: {{ .name }}\nc: 3\n"
    printed = run(text)
    assert printed == "a: 1\nb: web\nc: 3\n"
    places = [printed.origin_at(offset) for offset in (0, 5, 8, printed.index("c"))]
    assert [one.offset if one is not None else None for one in places] == [0, 5, text.index("{{"), text.index("c: 3")]


def test_what_a_template_prints_inside_of_another_stands_where_it_is_written() -> None:
    text = '{{ define "t" }}x: {{ . }}{{ end }}{{ range .list }}{{ template "t" . }}\n{{ end }}'
    printed = run(text)
    origin = printed.origin_at(0)
    assert origin is not None
    assert [frame.offset for frame in origin.frames()] == [text.index("{{ template"), 16]
