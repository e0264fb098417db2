"""Built objects without the values of Secrets, and messages about a build without what its files keep confidential."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.build.node import CONFIDENTIAL_COPY
from kubeqed.model.confidential.values import (
    EMBEDDED_CONTAINER,
    EMBEDDED_SECRET,
    LAST_APPLIED,
    MASK,
    Steps,
    hides_value,
    is_confidential_key,
    is_of_secret,
)
from kubeqed.parse import Document, Mapping, Mark, PlacedDocument, Sequence, Unknown, Value, as_written

REDACTED = MASK * 3
"""What stands for a value of a Secret: no base64, so that the API server refuses it in `data`."""

_SHORTEST = 4  # characters of a text that is looked for in messages: shorter ones stand in any word


class RedactedObjects(NamedTuple):
    """Objects without the values of Secrets, and how many values are redacted."""

    documents: tuple[PlacedDocument, ...]
    redacted: int


def redact_secrets(documents: Iterable[PlacedDocument]) -> RedactedObjects:
    """The objects with *** for each value of a Secret, and where the build has copied one.

    What stands in the texts of other objects, such as a script of a ConfigMap, is theirs: it is printed as it is applied.
    """
    redacted, count = [], 0
    for placed in documents:
        redacting = _Redacting(placed)
        root = redacting.value(placed.document.root, placed.document.top)
        document = placed.document
        redacted.append(placed._replace(document=Document(root, document.top, places=document.places)))
        count += redacting.count
    return RedactedObjects(tuple(redacted), count)


class _Redacting:
    """The values of one object, copied without what is confidential; `count` says how much that is."""

    def __init__(self, placed: PlacedDocument) -> None:
        self.count = 0
        self._placed = placed

    def value(self, value: Value, mark: Mark, *, in_list: bool = False) -> Value:
        """A value as it may be printed."""
        if any(one.text == CONFIDENTIAL_COPY for one in self._placed.placed(mark).through):
            return self._hide_value()
        value = as_written(value)
        if isinstance(value, Mapping):
            return self._redact_mapping(value, in_list=in_list)
        if isinstance(value, Sequence):
            sequence = Sequence()
            sequence.marks = value.marks
            sequence.extend(self.value(item, at, in_list=in_list) for item, at in zip(value, value.marks, strict=True))
            return sequence
        return value

    def _redact_mapping(self, value: Mapping, *, in_list: bool) -> Mapping:
        mapping = Mapping()
        mapping.marks = value.marks
        kind = value.get("kind")
        holds_secrets = isinstance(kind, str) and kind == "SecretList"
        for key, item, mark in zip(value, value.values(), value.marks[1::2], strict=True):
            if is_of_secret(value, key, in_list=in_list) and (in_list or key == LAST_APPLIED or "kind" in value):
                mapping[key] = self._redact_data(item)
            else:
                mapping[key] = self.value(item, mark, in_list=holds_secrets and key == "items")
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
    return message


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
