"""What people type for addresses: one, a block, from one to another; and what is wrong with what is nearly one."""

from __future__ import annotations

import re

from kubeqed.reach.algebra.addresses import V6, Range, format_address, is_v6, parse_address, parse_cidr

_LEADING_ZERO = re.compile(r"(?:\A|\.)0[0-9]")
_LIKE_ADDRESS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*")
_UNSPECIFIED = {0: "0.0.0.0/0", V6: "::/0"}


def parse_range(text: str) -> Range | None:
    """The addresses that `text` names: one, a block whose host bits are ignored, or from one to another; None: none."""
    text = _strip_brackets(text)
    low, dash, high = text.partition("-")
    if dash:
        start, end = parse_address(_strip_brackets(low)), parse_address(_strip_brackets(high))
        is_range = start is not None and end is not None and start <= end and is_v6((start, start)) == is_v6((end, end))
        return (start, end) if is_range else None  # type: ignore[return-value]  # neither is None
    number = parse_address(text)
    if number is None:
        return parse_cidr(text)
    return None if number in _UNSPECIFIED else (number, number)


def explain_fault(text: str) -> str:
    """What is wrong with a text that looks like addresses and names none; empty where it looks like something else."""
    text = _strip_brackets(text)
    low, dash, high = text.partition("-")
    if dash and _is_like(low) and _is_like(high):
        return (
            _of_single(_strip_brackets(low))
            or _of_single(_strip_brackets(high))
            or _of_range(_strip_brackets(low), _strip_brackets(high))
        )
    if not _is_like(text.partition("%")[0].partition("/")[0]):
        return ""
    if _LIKE_ADDRESS.fullmatch(text) or "%" in text:
        return _of_single(text)
    start, slash, length = text.partition("/")
    if slash and parse_address(start) is not None:
        return f"a block of it ends with /0 to /{128 if ':' in start else 32}, not /{length}"
    return _of_single(start)


def _of_range(low: str, high: str) -> str:
    start, end = parse_address(low) or 0, parse_address(high) or 0
    if is_v6((start, start)) != is_v6((end, end)):
        return "a range has two addresses of one family"
    return f"the range ends before it starts; write {format_address(end)}-{format_address(start)}"


def _of_single(text: str) -> str:
    bare, percent, _ = text.partition("%")
    if percent:
        return f"a zone says which link of one node is meant; write {bare}"
    number = parse_address(text)
    if number in _UNSPECIFIED:
        return f"{text} is no address of a pod or host; write {_UNSPECIFIED[number]} for every address"
    if number is not None:
        return ""
    if _LEADING_ZERO.search(text) and ":" not in text:
        return f"{text} is no address: write its numbers without a zero before them"
    return f"{text} is no address"


def _is_like(text: str) -> bool:
    return bool(_LIKE_ADDRESS.fullmatch(_strip_brackets(text).partition("%")[0]))


def _strip_brackets(text: str) -> str:
    """Without what surrounds an address in lists and in URLs."""
    text = text.strip().removesuffix("[External]")
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text
