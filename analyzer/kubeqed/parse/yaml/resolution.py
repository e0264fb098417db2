"""The value of a scalar event: its tag, its number, and what becomes of one that Kubernetes refuses."""

from __future__ import annotations

from typing import Any

from kubeqed.parse.tree.mark import Mark
from kubeqed.parse.tree.nodes import Value
from kubeqed.parse.tree.unknown import Fresh, Unknown
from kubeqed.parse.yaml.problem import Problems
from kubeqed.parse.yaml.scalar import YAML_TAG, ScalarError, json_number, resolve, resolve_tagged

_AS_JSON = frozenset(("true", "false"))


def is_foreign(tag: str) -> bool:
    """Whether the tag is another program's, such as `!Ref` and `!vault`."""
    return tag != "!" and not tag.startswith(YAML_TAG)


class ScalarReader:
    """Reads scalars of one document. `foreign` says that one of its tags is another program's.

    `readings` holds, by their marks, the texts of numbers and booleans that are not spelt as JSON would spell them, `literals`
    the columns where the lines of literal blocks begin.
    """

    __slots__ = ("_problems", "foreign", "literals", "readings")

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.foreign = False
        self.readings: dict[Mark, str] = {}
        self.literals: dict[Mark, int] = {}

    def value(self, event: Any, mark: Mark) -> Value:
        """The value of a scalar, before JSON."""
        if event.ctag is None:
            return event.value if event.style else resolve(event.value)
        tag = str(event.tag)
        if is_foreign(tag):
            return self.unknown(f"{tag} {event.value}".rstrip(), mark)
        try:
            return resolve_tagged(tag, event.value)
        except ScalarError as error:
            return self.bad(event.value, mark, str(error))

    def as_json(self, text: str, value: Value, mark: Mark) -> Value:
        """The value as it arrives through JSON."""
        if value.__class__ is not int and value.__class__ is not float:
            if value.__class__ is bool and text not in _AS_JSON and text[0] != "*":
                self.readings[mark] = text
            return value
        if str(value) != text and text[0] != "*":  # an alias is said where its anchor stands
            self.readings[mark] = text
        try:
            return json_number(value)
        except ScalarError as error:
            return self.bad(text, mark, f"the value {error}")

    def unknown(self, text: str, mark: Mark) -> Unknown:
        """The value under another program's tag."""
        self.foreign = True
        return Unknown(Fresh(text), text, mark)

    def bad(self, text: str, mark: Mark, message: str) -> Unknown:
        """What Kubernetes refuses becomes a problem and an unknown, so that the rest is still analysed."""
        self._problems.refuse(message, mark)
        return Unknown(Fresh(text), text, mark)
