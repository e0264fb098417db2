"""JSON values as YAML, to be pasted into a manifest: in block style, what is short and flat on one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import dumps
from typing import Any

WIDTH = 80  # of a line in flow style

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*\Z|[0-9]+\.[0-9]+\.[0-9]+[0-9./]*\Z")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})


def yaml_block(value: Any) -> list[str]:
    """The lines of the value."""
    if isinstance(value, dict) and value:
        return [line for key, item in value.items() for line in _render_entry(key, item)]
    if isinstance(value, list) and value:
        return [line for item in value for line in _render_item(item)]
    return [flow_text(value)]


def _render_entry(key: str, value: Any) -> Iterator[str]:
    """An entry of a mapping: on one line where its value fits, else in a block."""
    if _is_flat(value):
        yield f"{flow_text(key)}: {flow_text(value)}"
        return
    yield f"{flow_text(key)}:"
    yield from (f"  {line}" for line in yaml_block(value))


def _render_item(value: Any) -> Iterator[str]:
    is_chain = isinstance(value, dict) and not all(map(_is_scalar, value.values()))
    first, *rest = yaml_block(value) if is_chain or not _is_flat(value) else [flow_text(value)]
    yield f"- {first}"
    yield from (f"  {line}" for line in rest)


def _is_flat(value: Any) -> bool:
    """Whether a value is a scalar, or a short chain of labels or of scalars that fits on a line."""
    if len(flow_text(value)) > WIDTH:
        return False
    if isinstance(value, dict):
        return all(_is_scalar(item) for item in value.values()) or (
            len(value) == 1 and all(isinstance(item, dict) and _is_flat(item) for item in value.values())
        )
    return not isinstance(value, list) or all(map(_is_scalar, value))


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list) or not value


def flow_text(value: Any) -> str:
    """`{matchLabels: {app: web}}`."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{flow_text(key)}: {flow_text(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow_text, value))}]"
    is_plain = isinstance(value, str) and _PLAIN.match(value) and value.lower() not in _WORDS
    return str(value) if is_plain else dumps(value, ensure_ascii=False)
