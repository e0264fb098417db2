"""What of the values that a tool lays into objects may be shown: what is set in plain fields, and in no Secret.

The values of a chart, of a release and of a substitution say of themselves no more than their keys whether they are
secret. So a text among them is shown only where the build has told that it became a plain field, such as a port's name.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from kubeqed.build.node import CONFIDENTIAL_COPY, COPIED, REPLACED
from kubeqed.late_pattern import compile_late
from kubeqed.model.confidential.values import (
    EMBEDDED_CONTAINER,
    EMBEDDED_SECRET,
    Steps,
    hides_value,
    holds_values,
    is_program_text,
)
from kubeqed.parse import Mapping, Mark, Place, PlacedDocument, Sequence, Unknown, Value, as_written, unpack

WORD = compile_late(r"[\w.+/-]{4,}")
"""What may be a secret by itself within a text: shorter ones stand in any."""

_BASE64 = compile_late(r"[A-Za-z0-9+/\s]{4,}={0,2}\s*\Z")


class Spot(NamedTuple):
    """Where a text begins in its file, counting from 0."""

    line: int
    column: int


class PlainValues(NamedTuple):
    """Of one file, where a plain field takes its value from, with the ends of those texts, and where a Secret does; and the texts of all Secrets."""

    ends: dict[Spot, int]
    hidden: frozenset[Spot] = frozenset()
    secrets: frozenset[str] = frozenset()

    def shows(self, spot: Spot, value: Value) -> bool:
        """Whether a scalar among values may be seen: a text only if a plain field shows it, a number if no Secret has it."""
        text = value.text if isinstance(value, Unknown) else value
        if text is None or text == "" or isinstance(text, bool):
            return True
        if isinstance(text, str):
            return spot in self.ends and text.strip() not in self.secrets
        return spot in self.ends or str(text) not in self.secrets


NOTHING_PLAIN = PlainValues({})


class PlainPlaces:
    """Where applied objects take their values from, plain ones and those of Secrets; worked out when it is asked for."""

    def __init__(self, documents: Iterable[PlacedDocument]) -> None:
        self._documents = documents

    def of(self, file: str) -> PlainValues:
        """What may be shown of a file, by the name that it prints under."""
        hidden = self._hidden_spots.get(file, frozenset())
        ends = {spot: end for spot, end in self._plain_ends.get(file, {}).items() if spot not in hidden}
        return PlainValues(ends, hidden, self.secrets)

    def is_secret(self, place: Place, text: str) -> bool:
        """Whether a Secret takes its value from a place, or has this text."""
        return _spot_of(place) in self._hidden_spots.get(place.file, ()) or text.strip() in self.secrets

    @cached_property
    def _plain_ends(self) -> dict[str, dict[Spot, int]]:
        plain: dict[str, dict[Spot, int]] = {}
        for set_value in self._set_values:
            if not set_value.is_secret and not set_value.is_of_program:
                for place in set_value.places():
                    plain.setdefault(place.file, {})[_spot_of(place)] = unpack(place.mark)[2]
        return plain

    @cached_property
    def _hidden_spots(self) -> dict[str, frozenset[Spot]]:
        hidden: dict[str, set[Spot]] = {}
        for set_value in self._set_values:
            for place in set_value.places() if set_value.is_secret else ():
                hidden.setdefault(place.file, set()).add(_spot_of(place))
        return {file: frozenset(spots) for file, spots in hidden.items()}

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The texts of all Secrets, what they encode, and the words of both."""
        texts = (str(one.value) for one in self._set_values if one.is_secret)
        return frozenset(word for text in texts for word in _list_words(text))

    @cached_property
    def _set_values(self) -> list[SetValue]:
        every = {id(placed.document): placed for placed in self._documents}
        return [one for placed in every.values() for one in _list_set(placed)]


def _spot_of(place: Place) -> Spot:
    line, column, _ = unpack(place.mark)
    return Spot(place.first_line + line, column)


class SetValue(NamedTuple):
    """A scalar of an applied object, and what it is there."""

    placed: PlacedDocument
    mark: Mark
    value: Value
    is_secret: bool
    is_of_program: bool

    def places(self) -> Iterator[Place]:
        """The stretches of files that it was taken from; what only includes the object sets nothing of it."""
        place = self.placed.placed(self.mark)
        yield place
        yield from (through.place for through in place.through if through.text in (COPIED, REPLACED, CONFIDENTIAL_COPY))


def _list_set(placed: PlacedDocument) -> Iterator[SetValue]:
    """The scalars of an applied object; what itself lays values into others says nothing of them."""
    document = placed.document
    stack: list[tuple[Value, Mark, Steps, bool]] = [(document.root, document.top, (), False)]
    while stack:
        written, mark, above, is_hidden = stack.pop()
        node = as_written(written)
        if isinstance(node, Mapping):
            for step, value, at in zip(node, node.values(), node.marks[1::2], strict=False):
                if not holds_values(node, step):
                    stack.append((value, at, (*above, step), is_hidden or hides_value(node, step, above)))
        elif isinstance(node, Sequence):
            for index, (value, at) in enumerate(zip(node, node.marks, strict=False)):
                stack.append((value, at, (*above, index), is_hidden or hides_value(node, index, above)))
        elif node is not None:
            is_of_program = is_hidden and is_program_text(above)
            yield SetValue(placed, mark, node, (is_hidden and not is_of_program) or _holds_secret(node), is_of_program)


def _holds_secret(value: Value) -> bool:
    text = value if isinstance(value, str) else ""
    return EMBEDDED_SECRET.search(text) is not None or EMBEDDED_CONTAINER.search(text) is not None


def _list_words(text: str) -> Iterator[str]:
    """The text of a Secret, what it encodes, and the words of both."""
    for one in (text, _decode_text(text)):
        yield one.strip()
        yield from WORD.findall(one)


def _decode_text(text: str) -> str:
    if _BASE64.match(text) is None:
        return ""
    try:
        return base64.b64decode(text).decode()
    except (binascii.Error, ValueError):
        return ""
