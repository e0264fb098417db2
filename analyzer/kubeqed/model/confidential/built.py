"""Built objects without the values of Secrets, and messages about a build without what its files keep confidential."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.build.node import CONFIDENTIAL_COPY
from kubeqed.model.confidential.plain_values import WORD, PlainPlaces
from kubeqed.model.confidential.values import (
    EMBEDDED_CONTAINER,
    EMBEDDED_SECRET,
    LAST_APPLIED,
    MASK,
    Steps,
    hides_value,
    holds_values,
    is_confidential_key,
    is_of_secret,
    redact_credentials,
)
from kubeqed.parse import Document, Fresh, Mapping, Mark, Place, PlacedDocument, Sequence, Unknown, Value, as_written

REDACTED = MASK * 3
"""What stands for a value of a Secret: no base64, so that the API server refuses it in `data`."""

_SHORTEST = 4  # characters of a text that is looked for in messages: shorter ones stand in any word


class RedactedObjects(NamedTuple):
    """Objects without the values of Secrets, and how many values are redacted."""

    documents: tuple[PlacedDocument, ...]
    redacted: int


def redact_secrets(documents: Iterable[PlacedDocument]) -> RedactedObjects:
    """The objects with *** for each value of a Secret, where the build has copied one, and where a Secret takes one from.

    What stands in the texts of other objects, such as a script of a ConfigMap, is theirs: it is printed as it is applied.
    """
    redacted, count = [], 0
    documents = tuple(documents)
    taken = PlainPlaces(documents)
    for placed in documents:
        redacting = _Redacting(placed, taken)
        root = redacting.value(placed.document.root, placed.document.top)
        document = placed.document
        redacted.append(placed._replace(document=Document(root, document.top, places=document.places)))
        count += redacting.count
    return RedactedObjects(tuple(redacted), count)


def withhold_copies(placed: PlacedDocument) -> PlacedDocument:
    """The object with an unknown in the place of each value that the build copied from a Secret: no message may quote it."""
    document = placed.document
    if not document.secrets:
        return placed
    texts: set[str] = set()
    root = _withhold_below(document.root, document.top, document.secrets, texts)
    source = document.source
    withheld = Document(
        root,
        document.top,
        placeholders=document.placeholders,
        readings=document.readings,
        places=document.places,
        source=None if source is not None and source.name in texts else source,
        secrets=document.secrets,
    )
    return placed._replace(document=withheld)


def _withhold_below(value: Value, mark: Mark, secrets: frozenset[Mark], texts: set[str]) -> Value:
    """A value without what stands at some marks; `texts` takes what is withheld."""
    if mark in secrets:
        texts.add(str(value))
        return Unknown(Fresh(REDACTED), REDACTED, mark)
    if isinstance(value, Mapping):
        mapping = Mapping()
        mapping.marks, mapping.open, mapping.written = value.marks, value.open, value.written
        for (key, item), at in zip(value.items(), value.marks[1::2], strict=True):
            mapping[key] = _withhold_below(item, at, secrets, texts)
        return mapping
    if isinstance(value, Sequence):
        sequence = Sequence()
        sequence.marks, sequence.open = value.marks, value.open
        every = zip(value, value.marks, strict=True)
        sequence.extend(_withhold_below(item, at, secrets, texts) for item, at in every)
        return sequence
    return value


class _Redacting:
    """The values of one object, copied without what is confidential; `count` says how much that is."""

    def __init__(self, placed: PlacedDocument, taken: PlainPlaces) -> None:
        self.count = 0
        self._placed = placed
        self._taken = taken

    def value(self, value: Value, mark: Mark, *, in_list: bool = False, of_values: bool = False) -> Value:
        """A value as it may be printed; `of_values` says that it is laid into other objects, which may be Secrets."""
        place = self._placed.placed(mark)
        if any(one.text == CONFIDENTIAL_COPY for one in place.through):
            return self._hide_value()
        value = as_written(value)
        if isinstance(value, Mapping):
            return self._redact_mapping(value, in_list=in_list, of_values=of_values)
        if isinstance(value, Sequence):
            sequence = Sequence()
            sequence.marks = value.marks
            every = zip(value, value.marks, strict=True)
            sequence.extend(self.value(item, at, in_list=in_list, of_values=of_values) for item, at in every)
            return sequence
        return self._redact_laid(value, place) if of_values and isinstance(value, str) else value

    def _redact_laid(self, text: str, place: Place) -> str:
        """A text among values for other objects, or such values in one text."""
        if self._taken.is_secret(place, text):
            return self._hide_value()
        if "\n" not in text:
            return text
        return WORD.sub(lambda word: self._hide_value() if word[0] in self._taken.secrets else word[0], text)

    def _redact_mapping(self, value: Mapping, *, in_list: bool, of_values: bool) -> Mapping:
        mapping = Mapping()
        mapping.marks = value.marks
        kind = value.get("kind")
        holds_secrets = isinstance(kind, str) and kind == "SecretList"
        for key, item, mark in zip(value, value.values(), value.marks[1::2], strict=True):
            if is_of_secret(value, key, in_list=in_list) and (in_list or key == LAST_APPLIED or "kind" in value):
                mapping[key] = self._redact_data(item)
            else:
                is_laid = of_values or holds_values(value, key) or (key == "value" and "name" in value)
                mapping[key] = self.value(item, mark, in_list=holds_secrets and key == "items", of_values=is_laid)
        return mapping

    def _redact_data(self, value: Value) -> Value:
        """What a Secret holds: the keys are shown, unless one may be a value that slipped."""
        value = as_written(value)
        if not isinstance(value, Mapping) or any(is_confidential_key(key, item, 1) for key, item in value.items()):
            return self._hide_value()
        mapping = Mapping()
        mapping.marks = value.marks
        mapping.update({key: self._hide_value() for key in value})
        return mapping

    def _hide_value(self) -> str:
        self.count += 1
        return REDACTED


def redact_message(message: str, documents: Iterable[PlacedDocument]) -> str:
    """A message with *** for what the documents that it may quote keep confidential."""
    texts = {text for placed in documents for text in _confidential_texts(placed.document.root)}
    spelt = {one for text in texts for one in (text, json.dumps(text.strip())[1:-1]) if len(one) >= _SHORTEST}
    for text in sorted(spelt, key=lambda text: (-len(text), text)):
        message = message.replace(text, REDACTED)
    return redact_credentials(message)


def _confidential_texts(root: Value) -> Iterator[str]:
    stack: list[tuple[Value, Steps, int]] = [(root, (), 0)]
    seen: set[tuple[int, bool]] = set()
    while stack:
        written, above, depth = stack.pop()
        node = as_written(written)
        if not isinstance(node, Mapping | Sequence):
            text = node.text if isinstance(node, Unknown) else str(node)
            if depth or EMBEDDED_SECRET.search(text) or EMBEDDED_CONTAINER.search(text):
                yield text
            continue
        if (id(node), depth > 0) in seen:
            continue
        seen.add((id(node), depth > 0))
        children = node.items() if isinstance(node, Mapping) else enumerate(node)
        for step, value in children:
            below = depth + 1 if depth or hides_value(node, step, above) else 0
            if isinstance(step, str) and is_confidential_key(step, value, depth):
                yield step
            stack.append((value, (*above, step), below))
