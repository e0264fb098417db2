"""One glob as a regular expression that never backtracks: its cost is the length of the glob times that of the path.

The meaning is that of git's `wildmatch.c`, byte by byte. Own code and no library: the usual ones cost twice the start
of Python, backtrack, or read characters where git reads bytes.

Why it cannot backtrack: within a segment (what stands between two slashes) the leftmost match of what follows a `*` is
as good as any later one, and what stands between two `**/` covers whole segments, so that its leftmost match is as good
as any later one, too. Atomic groups hold on to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, hexdigits, punctuation

LONGEST = 4096  # bytes of a path on Linux: a glob that needs more matches nothing

_STAR, _DIRECTORIES, _SOME_DIRECTORIES, _REST = "*", "**/", r"**\/", "**"
_NOTHING = "(?!)"
_BYTES = frozenset(range(1, 256))
_WILD = frozenset({_STAR, _DIRECTORIES, _SOME_DIRECTORIES, _REST})
_SEGMENTS = {_DIRECTORIES: "(?:[^/]*+/)*?", _SOME_DIRECTORIES: "(?:[^/]*+/)+?"}
_STARS = re.compile(r"\*+")
_CLASS = re.compile(r"\[:([^]]{0,80}):\]")  # bounded, for it is tried at every `[:`
_GRAPH = ascii_letters + digits + punctuation
_NAMED = {
    "alnum": ascii_letters + digits,
    "alpha": ascii_letters,
    "blank": " \t",
    "cntrl": "".join(map(chr, (*range(32), 127))),
    "digit": digits,
    "graph": _GRAPH,
    "lower": ascii_lowercase,
    "print": _GRAPH + " ",
    "punct": punctuation,
    "space": " \t\r\n",
    "upper": ascii_uppercase,
    "xdigit": hexdigits,
}


class _MalformedError(Exception):
    """git takes this glob for one that matches nothing."""


def compile_glob(glob: str) -> str | None:
    """The regular expression that a path must match as a whole (with DOTALL); None when no path can.

    The glob holds one character for each byte.
    """
    try:
        tokens = list(_split_tokens(glob))
    except _MalformedError:
        return None
    return None if sum(token not in _WILD for token in tokens) > LONGEST else _assemble_blocks(tokens)


def _split_tokens(glob: str) -> Iterator[str]:
    """Wildcards, and for everything else an expression of exactly one byte."""
    position = 0
    while position < len(glob):
        character = glob[position]
        if character == "*":
            token, position = _read_stars(glob, position)
            yield token
        elif character == "[":
            token, position = _read_members(glob, position + 1)
            yield token
        elif character == "\\" and position + 1 == len(glob):
            raise _MalformedError
        else:
            position += 2 if character == "\\" else 1
            yield "[^/]" if character == "?" else re.escape(glob[position - 1])


def _read_stars(glob: str, start: int) -> tuple[str, int]:
    found = _STARS.match(glob, start)
    end = found.end() if found else start
    if end - start > 1 and (start == 0 or glob[start - 1] == "/"):
        if end == len(glob):
            return _REST, end
        for token in (_DIRECTORIES, _SOME_DIRECTORIES):
            if glob.startswith(token[2:], end):
                return token, end + len(token) - 2
    return _STAR, end


def _read_members(glob: str, position: int) -> tuple[str, int]:
    """The bytes of a bracket expression, which starts before `position`, and where it ends."""
    negated = glob[position : position + 1] in ("!", "^")
    position += negated
    start, before, members = position, 0, set[int]()
    while position == start or glob[position : position + 1] != "]":
        named = _CLASS.match(glob, position)
        # `[[:alpha:]-z]`: a named class cannot begin a range, so the `-` behind it stands for itself.
        if named:
            members |= set(map(ord, _find_class(named[1])))
            position, before = named.end(), 0
        elif before and glob[position : position + 1] == "-" and glob[position + 1 : position + 2] not in ("", "]"):
            last, position = _read_member(glob, position + 1)
            members |= set(range(before, last + 1))
            before = 0
        else:
            before, position = _read_member(glob, position)
            members.add(before)
    chosen = (_BYTES - members if negated else members) - {ord("/")}
    return f"[{_join_ranges(chosen)}]" if chosen else _NOTHING, position + 1


def _join_ranges(members: AbstractSet[int]) -> str:
    """What stands in brackets for these bytes; the fewer ranges, the sooner it is compiled."""
    starts = sorted(byte for byte in members if byte - 1 not in members)
    ends = sorted(byte for byte in members if byte + 1 not in members)
    return "".join(f"\\x{start:02x}-\\x{end:02x}" for start, end in zip(starts, ends, strict=True))


def _read_member(glob: str, position: int) -> tuple[int, int]:
    position += glob.startswith("\\", position)
    if position >= len(glob):
        raise _MalformedError
    return ord(glob[position]), position + 1


def _find_class(name: str) -> str:
    if name not in _NAMED:
        raise _MalformedError
    return _NAMED[name]


def _assemble_blocks(tokens: Sequence[str]) -> str:
    """Blocks between `**/`: all but the last are held on to where they match first, the last one ends the path."""
    written, before, block = "", "", list[str]()
    for token in tokens:
        # What is before `**/` is closed as an atomic group: once it has matched, the engine may not come back into
        # it.
        if token in _SEGMENTS:
            written += f"(?>{before}{_assemble_block(block)})"
            before, block = _SEGMENTS[token], []
        else:
            block.append(token)
    return written + before + _assemble_block(block)


def _assemble_block(tokens: Sequence[str]) -> str:
    """The `*` of a segment are held on to where what follows matches first, the last one where it matches last."""
    written, chunk, star = "", "", ""
    for token in (*tokens, ""):
        if token in ("", _STAR, _REST, "/"):
            # A `*` that another one follows takes as little as it can; the last of a segment takes all it can,
            # because what is behind it has to end the segment.
            lazy = "?" if token == _STAR else ""
            written += f"(?>{star}{lazy}{chunk})" if star else chunk
            written += {_REST: ".*", "/": "/"}.get(token, "")
            chunk, star = "", "[^/]*" if token == _STAR else ""
        else:
            chunk += token
    return written
