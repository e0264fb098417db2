"""Carets stand under the text that they mean, whatever the width of its characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubeqed.diagnostic import Span
from kubeqed.report.check.excerpt import ELLIPSIS, Excerpt, cut_excerpt

WIDTHS = {
    "a": 1,
    " ": 1,
    "[": 1,
    "é": 1,
    "前": 2,
    "\uff57": 2,
    "👩": 2,
    "\u0301": 0,
    "\u200d": 0,
    "\t": 4,
    "\x1b": 1,
    "\u202e": 1,
}


def of(line: str, column: int, end_column: int, room: int = 100) -> Excerpt:
    found = cut_excerpt(Span("f", 1, column, 1, end_column), lambda _: [line], room)
    assert found
    return found


def test_plain() -> None:
    assert of("  port: 8080", 9, 13) == Excerpt(1, "  port: 8080", 8, 4)


@pytest.mark.parametrize(
    ("line", "span", "before", "carets"),
    [
        ("商店: x", (5, 6), 6, 1),
        ("a: 前端", (4, 6), 3, 4),
        ("e\u0301: x", (5, 6), 3, 1),
        ("k: e\u0301té", (4, 8), 3, 3),
        ("👩\u200d💻: x", (6, 7), 6, 1),
        ("각: x", (4, 5), 4, 1),
        ("\u1100\u1161: x", (5, 6), 4, 1),
        ("k: \tx", (5, 6), 7, 1),
        ("k: \x1b[31mx", (9, 10), 8, 1),
    ],
)
def test_widths(line: str, span: tuple[int, int], before: int, carets: int) -> None:
    shown = of(line, *span)
    assert (shown.before, shown.carets) == (before, carets)


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert of("a\x1b[2J\u202eb\u2066\x9b\x07", 1, 2).source == "a\ufffd[2J\ufffdb\ufffd\ufffd\ufffd"


def test_byte_order_mark_counts_nothing() -> None:
    assert of("\ufeffkind: Pod", 7, 10) == Excerpt(1, "kind: Pod", 6, 3)


@pytest.mark.parametrize("column", [1, 4, 9])
def test_empty_and_far_spans_have_one_caret(column: int) -> None:
    shown = of("abc", column, column)
    assert (shown.before, shown.carets) == (column - 1, 1)


def test_a_span_over_lines_ends_with_its_first() -> None:
    found = cut_excerpt(Span("f", 1, 2, 2, 2), lambda _: ["abcd", "e"], 100)
    assert found == Excerpt(1, "abcd", 1, 3)


@pytest.mark.parametrize("line", [0, 2, 99])
def test_no_such_line(line: int) -> None:
    assert cut_excerpt(Span("f", line, 1, line, 2), lambda _: ["abc"], 100) is None
    assert cut_excerpt(Span("f", line, 1, line, 2), lambda _: (), 100) is None


def test_a_long_line_is_cut_on_both_sides() -> None:
    shown = of("x" * 500 + "HERE" + "y" * 500, 501, 505, room=40)
    assert len(shown.source) == 40
    assert shown.source.startswith(f"{ELLIPSIS}x")
    assert shown.source.endswith(f"y{ELLIPSIS}")
    assert shown.source[shown.before : shown.before + shown.carets] == "HERE"


def test_a_long_line_is_cut_on_one_side() -> None:
    start = of("HERE" + "y" * 500, 1, 5, room=40)
    assert (start.source[:4], start.before, start.source[-1]) == ("HERE", 0, ELLIPSIS)
    end = of("y" * 500 + "HERE", 501, 505, room=40)
    assert (end.source[-4:], end.source[0]) == ("HERE", ELLIPSIS)


def test_a_span_longer_than_the_terminal() -> None:
    shown = of("k: " + "v" * 500, 4, 504, room=40)
    assert shown.before + shown.carets < len(shown.source) <= 40
    assert shown.source[shown.before : shown.before + shown.carets] == "v" * shown.carets
    assert shown.carets >= 30


@given(st.text(st.sampled_from(sorted(WIDTHS)), min_size=1, max_size=80), st.data(), st.integers(20, 60))
def test_any_line(line: str, data: st.DataObject, room: int) -> None:
    first = data.draw(st.integers(0, len(line) - 1))
    last = data.draw(st.integers(first, len(line)))
    shown = of(line, first + 1, last + 1, room)
    assert width(shown.source) <= room
    total = sum(WIDTHS[character] for character in line)
    if total <= room:
        assert shown.before == sum(WIDTHS[character] for character in line[:first])
        assert shown.carets == max(sum(WIDTHS[character] for character in line[first:last]), 1)
    assert shown.before + shown.carets <= room + 1
    assert ELLIPSIS not in shown.source or total > room


def width(shown: str) -> int:
    return sum(WIDTHS.get(character, 1) for character in shown)


def test_what_is_shown_of_a_long_line_does_not_depend_on_the_rest() -> None:
    """Many findings may stand on a line that is a whole file: each looks at its own part alone."""
    line = "ab, " * 20_000
    seen = cut_excerpt(Span("a.yaml", 1, 40_001, 1, 40_003), lambda _: [line], 40)
    near = cut_excerpt(Span("a.yaml", 1, 201, 1, 203), lambda _: [line[:400]], 40)
    assert seen is not None
    assert near is not None
    assert seen == near
