"""A baseline file, read as JSON; where it is wrong, the places of its values are found through parse."""

from __future__ import annotations

import json
import os.path
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Any

from kubeqed.config.complaint import Complaint, ConfigurationError
from kubeqed.config.nearest import did_you_mean, quote_text, suggest_rule
from kubeqed.config.places import Location, Places
from kubeqed.diagnostic import Span
from kubeqed.parse import Place, pack, parse, parse_whole_number
from kubeqed.rule.suppress.baseline import VERSION, Baseline, BaselineEntry, BaselineFinding
from kubeqed.sources import SourceFile

ENTRY = ("rule", "file", "fingerprint", "reason")


def read_baseline(source: SourceFile, known_ids: Collection[str] | None, directory: str | None = None) -> Baseline:
    """The baseline in a file, with paths from `directory`, or from its own.

    A ConfigurationError holds everything that is wrong with it.
    """
    value, spots = _load_json(source), _Spots(source)
    wrong = sorted(_find_wrong(value, spots, known_ids))
    if wrong:
        raise ConfigurationError(tuple(wrong))
    entries = tuple(
        BaselineEntry(BaselineFinding(item["file"], item["fingerprint"]), item["rule"], item["reason"])
        for item in value["findings"]
    )
    directory = directory or os.path.dirname(source.path) or os.curdir
    return Baseline(directory, entries, lambda index: spots.value("findings", index, "fingerprint"))


def _load_json(source: SourceFile) -> Any:
    try:
        return json.loads(source.content.decode("utf-8-sig"), parse_int=parse_whole_number)
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


class _Spots:
    """Where values and keys stand; the file is parsed when first asked."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source

    @cached_property
    def _places(self) -> Places | None:
        documents = parse(self._source).documents
        return Places(documents[0]) if documents else None

    def value(self, *where: str | int) -> Place:
        return self._places.value(*where) if self._places else self._start

    def key(self, *where: str | int) -> Place:
        return self._places.key(*where) if self._places else self._start

    @property
    def _start(self) -> Place:
        return Place(self._source.path, 0, pack(0, 0, 0))


def _find_wrong(value: Any, spots: _Spots, known_ids: Collection[str] | None) -> Iterator[Complaint]:
    """Everything that is wrong, and where."""
    if not isinstance(value, dict) or "version" not in value or not isinstance(value.get("findings"), list):
        message = 'a baseline is a mapping with "version" and a list "findings"; `kubeqed baseline` writes one'
        yield Complaint(spots.value().span, message)
        return
    if value["version"] != VERSION:
        message = f"expected version {VERSION} of baselines, found {quote_text(str(value['version']))}"
        yield Complaint(spots.value("version").span, message)
        return
    yield from _unknown_keys(value, (), spots, ("version", "findings"))
    for index, item in enumerate(value["findings"]):
        where = ("findings", index)
        if not isinstance(item, dict):
            yield Complaint(spots.value(*where).span, f"expected a mapping with {', '.join(ENTRY)}")
        else:
            yield from _unknown_keys(item, where, spots, ENTRY)
            yield from _wrong_values(item, where, spots, known_ids)


def _wrong_values(
    item: dict[str, Any], where: Location, spots: _Spots, known_ids: Collection[str] | None
) -> Iterator[Complaint]:
    for key in ENTRY:
        if key not in item:
            yield Complaint(spots.value(*where).span, f'the key "{key}" is missing')
        elif not isinstance(item[key], str) or not item[key].strip():
            yield Complaint(spots.value(*where, key).span, f'expected a string that says something as "{key}"')
    rule = item.get("rule")
    if known_ids is not None and isinstance(rule, str) and rule.strip() and rule not in known_ids:
        message = f"unknown rule {quote_text(rule)}{suggest_rule(rule, known_ids)}"
        yield Complaint(spots.value(*where, "rule").span, message)


def _unknown_keys(item: dict[str, Any], where: Location, spots: _Spots, known: Collection[str]) -> Iterator[Complaint]:
    for key in item.keys() - set(known):
        yield Complaint(spots.key(*where, key).span, f"unknown key {quote_text(key)}{did_you_mean(key, known)}")
