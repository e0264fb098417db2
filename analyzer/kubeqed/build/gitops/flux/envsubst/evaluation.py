"""A text with its variables filled in; those that are not known stand as marks, which the text around them keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kubeqed.build.gitops.flux.envsubst.expression import Expression, Part, parse_text
from kubeqed.build.gitops.flux.envsubst.functions import LONGEST_TRIMMED, apply

OPENING, CLOSING = "\uf8f0", "\uf8f1"  # of a mark; private use, which YAML reads as letters


class UnknownPart(NamedTuple):
    """What a mark stands for: an expression, as it is written, and the variables that nobody knows."""

    text: str
    is_variable: bool
    variables: tuple[str, ...]


Values = Callable[[str], "str | None"]  # the value of a variable, None where it is not known


class Substitution:
    """Fills in variables; `unknown` are the parts that it could not fill in, by the number in their marks."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self.unknown: list[UnknownPart] = []

    def fill_in(self, text: str) -> str:
        """The text as envsubst writes it; a BadSubstitutionError where it refuses the text."""
        return "".join(self._evaluate_part(part, text) for part in parse_text(text))

    def _evaluate_part(self, part: Part, text: str) -> str:
        if isinstance(part, str):
            return part
        value = self._values(part.variable)
        arguments = [self._evaluate_part(argument, text) for argument in part.arguments]
        if value == "" and is_default(part.operator):
            return "".join(arguments)
        if value is not None and (not part.operator or is_default(part.operator)):
            return value
        if value is None or not _can_apply(part.operator, value, arguments):
            return self._mark_unknown(part, text)
        return apply(part.operator, value, arguments)

    def _mark_unknown(self, part: Expression, text: str) -> str:
        self.unknown.append(UnknownPart(text[part.start : part.end], not part.operator, tuple(variables_of([part]))))
        return f"{OPENING}{len(self.unknown) - 1}{CLOSING}"


def is_default(operator: str) -> bool:
    """Whether an operator takes what follows where the variable is empty."""
    return operator[-1:] in ("=", "-", "?", "+")


def _can_apply(operator: str, value: str, arguments: Sequence[str]) -> bool:
    """Whether all is known that an operator works on, and not too long."""
    is_trim = operator[0] in "#%" and bool(arguments)
    is_known = all(OPENING not in one for one in (value, *arguments))
    return is_known and not (is_trim and len(value) > LONGEST_TRIMMED)


def variables_of(parts: Sequence[Part]) -> list[str]:
    """The variables of some parts, in order."""
    found: list[str] = []
    for part in parts:
        if isinstance(part, Expression):
            found += [part.variable, *variables_of(part.arguments)]
    return found
