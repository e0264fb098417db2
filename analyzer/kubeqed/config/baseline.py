"""A baseline file, read as JSON; where it is wrong, the places of its values are found through parse."""

from __future__ import annotations

import json
import os.path
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import Any

from kubeqed.config.complaint import Complaint, ConfigurationError
from kubeqed.config.nearest import did_you_mean, quoted
from kubeqed.config.places import Location, Places
from kubeqed.diagnostic import Span
from kubeqed.parse import Place, pack, parse
from kubeqed.rule.baseline import VERSION, Baseline, Entry, Known
from kubeqed.sources import SourceFile

ENTRY = ("rule", "file", "fingerprint", "reason")


def read_baseline(source: SourceFile, known_ids: Collection[str] | None) -> Baseline:
    """The baseline in a file; a ConfigurationError holds everything that is wrong with it."""
    value = _json(source)
    place = _placing(source)
    wrong = [Complaint(place(where).span, text) for where, text in _wrong(value, known_ids)]
    if wrong:
        raise ConfigurationError(tuple(sorted(wrong)))
    entries = tuple(
        Entry(Known(item["file"], item["fingerprint"]), item["rule"], item["reason"]) for item in value["findings"]
    )
    directory = os.path.dirname(source.path) or os.curdir
    return Baseline(directory, entries, lambda index: place(("findings", index, "fingerprint")))


def _json(source: SourceFile) -> Any:
    try:
        return json.loads(source.content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        span = Span(source.path, error.lineno, error.colno, error.lineno, error.colno)
        message = f"the baseline is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    except UnicodeDecodeError as error:
        before = source.content[: error.start].decode("utf-8-sig")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        span = Span(source.path, line, column, line, column)
        message = f"the baseline is not UTF-8: byte 0x{source.content[error.start]:02x} cannot be decoded"
    except RecursionError:
        span, message = Span(source.path, 1, 1, 1, 1), "the baseline is nested too deeply"
    raise ConfigurationError((Complaint(span, message),))


def _placing(source: SourceFile) -> Callable[[Location], Place]:
    """Where a value stands; the file is parsed once it is asked."""

    @cache
    def places() -> Places | None:
        documents = parse(source).documents
        return Places(documents[0]) if documents else None

    def place(where: Location) -> Place:
        found = places()
        return found.value(*where) if found else Place(source.path, 0, pack(0, 0, 0))

    return place


def _wrong(value: Any, known_ids: Collection[str] | None) -> Iterator[tuple[Location, str]]:
    """Everything that is wrong, and where."""
    if not isinstance(value, dict) or "version" not in value or not isinstance(value.get("findings"), list):
        yield (), 'a baseline is a mapping with "version" and a list "findings"; `kubeqed baseline` writes one'
        return
    if value["version"] != VERSION:
        yield ("version",), f"expected version {VERSION} of baselines, found {quoted(str(value['version']))}"
        return
    yield from _unknown_keys(value, (), ("version", "findings"))
    for index, item in enumerate(value["findings"]):
        where = ("findings", index)
        if not isinstance(item, dict):
            yield where, f"expected a mapping with {', '.join(ENTRY)}"
        else:
            yield from _unknown_keys(item, where, ENTRY)
            yield from _wrong_values(item, where, known_ids)


def _wrong_values(
    item: dict[str, Any], where: Location, known_ids: Collection[str] | None
) -> Iterator[tuple[Location, str]]:
    for key in ENTRY:
        if key not in item:
            yield where, f'the key "{key}" is missing'
        elif not isinstance(item[key], str) or not item[key].strip():
            yield (*where, key), f'expected a string that says something as "{key}"'
    rule = item.get("rule")
    if known_ids is not None and isinstance(rule, str) and rule.strip() and rule not in known_ids:
        yield (*where, "rule"), f"unknown rule {quoted(rule)}{did_you_mean(rule, known_ids)}"


def _unknown_keys(item: dict[str, Any], where: Location, known: Collection[str]) -> Iterator[tuple[Location, str]]:
    for key in item.keys() - set(known):
        yield (*where, key), f"unknown key {quoted(key)}{did_you_mean(key, known)}"
