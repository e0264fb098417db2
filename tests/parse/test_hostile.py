"""Input made to hurt costs a diagnostic, and neither time nor memory."""

from __future__ import annotations

import gc
import weakref

import pytest
from benchmarks.hostile import TEXTS, Hostile
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parse.reading import document, documents, messages, read, under

from kubeqed.parse import Mapping
from kubeqed.parse import pieces as pieces_module
from kubeqed.parse.yaml.composer import Composer
from kubeqed.parse.yaml.libyaml import event_source


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 1000, "a:\n" * 3])
def test_depth(text: str) -> None:
    assert any(found.problems for found in documents(text))


def test_depth_below_the_bound() -> None:
    assert not document("[" * 200 + "]" * 200).problems
    ((_, message, _, column),) = messages("[" * 201 + "]" * 201)
    assert "200 levels" in message
    assert column == 201


def _laughs(lines: int) -> str:
    return "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{f'*a{i - 1}, ' * 9}]\n" for i in range(1, lines))


def test_aliases_of_aliases() -> None:
    assert not document(_laughs(5)).problems
    ((rule, message, line, _),) = messages(_laughs(30))
    assert rule == "parse-error"
    assert "1,000,000" in message
    assert line < 10


def test_merges_of_merges() -> None:
    keys = ", ".join(f"k{i}: 1" for i in range(1000))
    text = f"x: &x {{{keys}}}\ny:\n" + "- <<: *x\n" * 2000
    ((_, message, _, _),) = messages(text)
    assert "1,000,000" in message


def test_one_object_for_all_aliases() -> None:
    found = document("a: &x {b: c}\nd: *x\n").root
    assert isinstance(found, Mapping)
    assert found["a"] is found["d"]


@pytest.mark.parametrize(
    ("text", "message", "covered"),
    [
        ("a: &x [*x]", "stands inside its own anchor", "*x"),
        ("a: &x {b: *x}", "stands inside its own anchor", "*x"),
        ("a: *y", "has no anchor above it", "*y"),
        ("a: *y\nb: &y 1", "has no anchor above it", "*y"),
    ],
)
def test_alias_to_nothing(text: str, message: str, covered: str) -> None:
    (problem,) = document(text).problems
    assert message in problem.message
    assert under(text, problem.mark) == covered


def test_anchor_may_be_given_anew() -> None:
    assert document("a: &x 1\nb: *x\nc: &x 2\nd: *x").root == {"a": 1, "b": 1, "c": 2, "d": 2}


def test_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces_module, "MAX_SIZE", 100)
    first, second = documents("a: b\n---\nc: " + "x" * 100)
    assert first.root == {"a": "b"}
    assert second.broken
    assert "longer than" in second.problems[0].message


def test_many_problems_are_cut() -> None:
    assert len(document("a: 1\n" * 5000).problems) == 1000


@pytest.mark.parametrize("hostile", TEXTS, ids=lambda hostile: repr(hostile.repeated))
def test_made_to_hurt(hostile: Hostile) -> None:
    _check(hostile.text(2000).encode())


YAML = st.text(alphabet="ab:-?,[]{}&*!|>'\"%@`#~<$() \n\r\t.0123{}{}é😀\x85\u2028\ufeff\x00", max_size=60)
LINE = st.sampled_from(
    ["a: b", "  c: d", "- e", "  - f: g", "---", "...", "{{ if .x }}", "{{- end }}", "  {{ include . | nindent 4 }}",
     "k: |", "  text", "x: &x", "y: *x", "<<: *x", "%YAML 1.1", "{% for %}", '"q', "[a,", "}", "k: ${A}-<b>", "# c"]
)  # fmt: skip


@settings(max_examples=400)
@given(st.binary(max_size=80))
def test_never_raises_on_bytes(content: bytes) -> None:
    _check(content)


@settings(max_examples=600)
@given(YAML | st.lists(LINE | YAML, max_size=12).map("\n".join))
def test_never_raises_on_text(text: str) -> None:
    _check(text.encode())


def _check(content: bytes) -> None:
    """Every document has a root or says why not, and every mark stands in the file."""
    parsed = read(content)
    lines = parsed.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for placed in parsed.documents:
        found = placed.document
        assert (found.root is None) == (found.broken or found.template) or found.problems
        assert not (found.broken and not found.problems)
        for mark in [found.top, *(problem.mark for problem in found.problems)]:
            span = placed.placed(mark).span
            assert 1 <= span.line <= len(lines)
            assert span.column <= span.end_column
            assert span.column <= len(lines[span.line - 1]) + 1


def test_a_parser_is_freed_without_the_collector() -> None:
    builder = Composer("a: b\n", event_source())
    assert builder.next_tree() is not None
    held = weakref.ref(builder)
    gc.disable()
    try:
        del builder
        assert held() is None
    finally:
        gc.enable()
