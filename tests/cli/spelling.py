"""The ways to spell a PATH, and answers without their traces: every file as it is called from one root."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from kubeqed.cli import main

_WORD = re.compile(r"[^\s'\"(),;`=>\[\]]+")
_END = re.compile(r"(:\d+)*[:…]*$")


class Call(NamedTuple):
    """A working directory, and how a directory is spelt there."""

    where: Path
    path: str


def calls(root: Path, inside: str, link: Path) -> Iterator[Call]:
    """Calls for the directory `inside` of a root; `link`, which stands elsewhere, leads to that directory, and the root holds an `empty` one."""
    full = root / inside
    away = link.parent
    relative = os.path.normpath(inside)
    yield Call(root, relative)
    yield Call(root, f"./{relative}")
    yield Call(root, f"{relative}/")
    yield Call(root, f"empty/../{relative}//")
    yield Call(root, str(full))
    yield Call(root / "empty", os.path.relpath(full, root / "empty"))
    yield Call(root / "empty", f"{full}/")
    yield Call(full, ".")
    yield Call(full, "./")
    yield Call(away, os.path.relpath(full, away))
    yield Call(away, f"/{full}".replace("/", "//"))
    yield Call(away, link.name)
    yield Call(Path("/"), f"{link}/")


def answer(command: list[str], where: Path, root: Path, *paths: str) -> tuple[int, object, object]:
    """The exit status and what was printed to both streams, sorted, with files as they are called from the root."""
    with chdir(where):
        done = CliRunner().invoke(main, [*command, *paths], catch_exceptions=False)
        spelt = {*paths, *map(os.path.normpath, paths)}
        try:
            out: object = _normal(json.loads(done.stdout), root, spelt)
        except ValueError:
            out = sorted(_from_root(done.stdout, root, spelt).splitlines())
        return done.exit_code, out, sorted(_from_root(done.stderr, root, spelt).splitlines())


def _normal(value: object, root: Path, spelt: Collection[str], key: str = "") -> object:
    if isinstance(value, dict):
        return {name: _normal(item, root, spelt, name) for name, item in value.items()}
    if isinstance(value, list):
        items = [_normal(item, root, spelt, key) for item in value]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    if not isinstance(value, str) or key == "fingerprint":
        return value
    return (
        _word(value, root, spelt, always=True) if key in ("root", "unit", "units") else _from_root(value, root, spelt)
    )


def _from_root(text: str, root: Path, spelt: Collection[str]) -> str:
    """A text in which every word that is a path of something below the root is that from the root on."""
    return _WORD.sub(lambda found: _word(found[0], root, spelt, always=_is_unit(found)), text)


def _is_unit(found: re.Match[str]) -> bool:
    return found.string.endswith(("the unit ", "lies in "), 0, found.start())


def _word(word: str, root: Path, spelt: Collection[str], *, always: bool = False) -> str:
    end = _END.search(word)
    tail = end[0] if end else ""
    name = word.removesuffix(tail) if tail else word
    if not name or not (always or name in spelt or "/" in name or name.endswith((".yaml", ".tpl"))):
        return word
    real = os.path.realpath(name)
    is_inside = os.path.lexists(name) and os.path.commonpath((real, root)) == str(root)
    return f"{os.path.relpath(real, root)}{tail}" if is_inside else word
