"""Intents that hold as a file of intents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kubeqed.report.block import yaml_block
from kubeqed.report.words import make_encodable

_HEAD = (
    "# What holds today, as `kubeqed prove --suggest` found it: keep what you mean to keep, and prove it after each change",
    "# with `kubeqed prove --intents FILE`.",
)


def render_suggested(entries: Sequence[dict[str, Any]]) -> str:
    """The file; ready-made claims that say nothing more stand as their name."""
    return make_encodable("".join(f"{line}\n" for line in (*_HEAD, *_render_entries(entries))))


def _render_entries(entries: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not entries:
        yield "intents: []"
        return
    yield "intents:"
    for entry in entries:
        lines = yaml_block([entry["use"] if set(entry) == {"use"} else entry])
        yield from (f"  {line}" for line in lines)
