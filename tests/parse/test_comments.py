"""Comments that speak to kubeqed are found by line, and what is text is no comment."""

from __future__ import annotations

import pytest

from kubeqed.parse import comments_of, parse
from kubeqed.parse.yaml.comments import Comment
from kubeqed.sources import SourceFile


def found(text: str | bytes) -> tuple[Comment, ...]:
    content = text if isinstance(text, bytes) else text.encode()
    return comments_of(parse(SourceFile("a.yaml", content)))


def covered(text: str) -> list[tuple[str, int]]:
    return [(comment.text, comment.covers) for comment in found(text)]


def test_where_a_comment_stands() -> None:
    assert found("a: 1\nb: 2  #kubeqed:ignore[x] é why  \n") == (Comment(1, 6, 15, "ignore[x] é why", 1),)


def test_a_comment_alone_speaks_of_the_next_line_that_is_none() -> None:
    assert covered("# kubeqed: a\n\nb: 1\n") == [("a", 1)]
    assert covered("# kubeqed: a\n  # more\n# kubeqed: b\nb: 1\n") == [("a", 3), ("b", 3)]


@pytest.mark.parametrize("sign", ["#kubeqed:", "#  kubeqed:", "# said before # kubeqed:"])
def test_ways_to_write_it(sign: str) -> None:
    assert covered(f"a: 1 {sign} x\n") == [("x", 0)]


def test_another_comment_ends_it_but_a_number_does_not() -> None:
    assert covered("a: 1 # kubeqed: see #12  # and more\n") == [("see #12", 0)]


@pytest.mark.parametrize(
    "text",
    [
        "a: x#kubeqed: y\n",
        "a: 'x # kubeqed: y'\n",
        'a: "x\n  # kubeqed: y\n  z"\n',
        "a: |\n  # kubeqed: y\n",
        "a:\n- >-\n  x\n\n  # kubeqed: y\n",
        '{"a": "# kubeqed: y"}\n',
        "a: # kubeqed y\n",
    ],
)
def test_text_is_no_comment(text: str) -> None:
    assert covered(text) == []


def test_comments_around_text() -> None:
    text = "a: |  # kubeqed: head\n  # kubeqed: text\n# kubeqed: foot\nb: 'x'  # kubeqed: tail\n"
    assert covered(text) == [("head", 0), ("foot", 3), ("tail", 3)]


def test_every_document_has_its_lines() -> None:
    text = "a: 1\n---\nb: |\n  # kubeqed: text\n---\nc: |\n  x\nd: 1 # kubeqed: d\n"
    assert covered(text) == [("d", 7)]


def test_lines_are_those_of_an_editor() -> None:
    assert covered("a: 1\r\nb: 'x\u2028y' # kubeqed: b\r# kubeqed: c\rd: 1") == [("b", 1), ("c", 3)]


def test_behind_what_is_no_yaml_comments_count_that_look_like_some() -> None:
    assert covered("a: {{ x }}\nb: 1 # kubeqed: b\n") == [("b", 1)]
    assert covered("a: '\n# kubeqed: b\n") == [("b", 2)]


def test_no_bytes_raise() -> None:
    assert len(found(b"\xff # kubeqed: a")) == 1
    assert len(found("\x00: [ # kubeqed: a\r\x85--- # kubeqed: b\n...\n%".encode())) == 2
