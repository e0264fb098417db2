"""For every tree: what is written is read, and what a mark covers is the value again."""

from __future__ import annotations

import json
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parse.reading import document, plain, under

from kubeqed.parse import Document, Mapping, Sequence, Value

_NO_YAML: tuple[Literal["Cs", "Cc", "Co", "Cn"], ...] = ("Cs", "Cc", "Co", "Cn")
TEXT = st.text(alphabet=st.characters(exclude_categories=_NO_YAML, exclude_characters="<${"), max_size=8)
KEY = st.text(  # YAML breaks lines at U+2028 and U+2029, and a key stands on one line
    alphabet=st.characters(exclude_categories=_NO_YAML, exclude_characters="<${\u2028\u2029"), max_size=8
)
NUMBER = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: not number.is_integer()
)
SCALAR = st.none() | st.booleans() | NUMBER | TEXT
TREE = st.dictionaries(
    KEY, st.recursive(SCALAR, lambda inner: st.lists(inner) | st.dictionaries(KEY, inner)), min_size=1
)


def _block(value: object, indent: int = 0) -> str:
    """Block-style YAML with every string quoted."""
    space = "\n" + "  " * indent
    if isinstance(value, dict) and value:
        return space + space.join(
            f"{json.dumps(key, ensure_ascii=False)}: {_block(inner, indent + 1)}" for key, inner in value.items()
        )
    if isinstance(value, list) and value:
        return space + space.join(f"- {_block(inner, indent + 1).lstrip() or '{}'}" for inner in value)
    return json.dumps(value, ensure_ascii=False)


def _walk(value: Value, text: str, found: Document) -> None:
    if isinstance(value, Mapping):
        assert len(value.marks) == 2 * len(value)
        for key, inner in value.items():
            key_text = under(text, value.key_mark(key))
            assert json.loads(key_text) == key
            covered = under(text, value.value_mark(key))
            assert covered == key_text if isinstance(inner, (Mapping, Sequence)) else _same(covered, inner)
            _walk(inner, text, found)
    elif isinstance(value, Sequence):
        assert len(value.marks) == len(value)
        for mark, inner in zip(value.marks, value, strict=True):
            covered = under(text, mark)
            if isinstance(inner, Mapping) and inner:
                assert json.loads(covered) == next(iter(inner))
            elif isinstance(inner, (Mapping, Sequence)):
                assert covered in ("[", "{", "-")
            else:
                assert _same(covered, inner)
            _walk(inner, text, found)


def _same(covered: str, value: object) -> bool:
    return bool(document(f"a: {covered}").root == {"a": value})


@settings(max_examples=200)
@given(TREE, st.sampled_from([None, 1, "\t"]))
def test_json(tree: dict[str, object], indent: int | str | None) -> None:
    text = json.dumps(tree, ensure_ascii=False, indent=indent)
    found = document(text)
    assert not found.problems
    assert plain(found.root) == tree
    _walk(found.root, text, found)


@settings(max_examples=200)
@given(TREE)
def test_block(tree: dict[str, object]) -> None:
    text = _block(tree).lstrip("\n") + "\n"
    found = document(text)
    assert not found.problems
    assert plain(found.root) == tree
    _walk(found.root, text, found)


@settings(max_examples=100)
@given(TREE)
def test_escaped_json(tree: dict[str, object]) -> None:
    assert plain(document(json.dumps(tree)).root) == tree
