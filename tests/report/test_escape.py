"""The last door of all output: the same meaning, and nothing that a terminal or a CI obeys."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubeqed.report.escape import escape


@given(st.text())
def test_a_document_keeps_its_values(text: str) -> None:
    written = escape(json.dumps({text: [text]}, ensure_ascii=False), "json")
    assert json.loads(written) == {text: [text]}
    assert "##[" not in written
    assert not {unicodedata.category(character) for character in written} & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    "text", ["::1 => shop/web : TCP 80\n", "::/0\n", "  ::dead:beef/64 => ::1\n", "a::error b::c\n", "naïve 文字\n"]
)
def test_what_commands_nothing_stays(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("::error file=a::b\n", "\\x3a:error file=a::b\n"),
        ("a\n  ::add-mask::b", "a\n  \\x3a:add-mask::b"),
        ("::STOP-commands::x", "\\x3a:STOP-commands::x"),
        ("a ##[error]b", "a \\x23#[error]b"),
        ("a\x1b[31mb\u202ec\x9bd\re", "a\\x1b[31mb\\u202ec\\x9bd\\re"),
    ],
)
def test_what_would_be_obeyed_is_shown(text: str, written: str) -> None:
    assert escape(text) == written


def test_our_own_commands_and_colours_stay() -> None:
    assert escape("::error file=a::b\n", "github") == "::error file=a::b\n"
    assert escape("\x1b[1ma\x1b[0m\x1b]0;b\x07", color=True) == "\x1b[1ma\x1b[0m\\x1b]0;b\\x07"
