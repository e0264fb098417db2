"""The expressions inside of an action: values, fields, calls and pipes."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable
from typing import Any, NamedTuple

from kubeqed.build.gitops.argo.template.go_functions import FUNCTIONS, bounded, value_at
from kubeqed.build.refusal import UnbuiltError

_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"(?:\\.|[^\"\\])*\"|`[^`]*`)|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<name>\$?\w*(?:\.\w+)+|\$\w*|\.|\w+)|(?P<sign>:=|=|[()|,]))"
)
_CONSTANTS = {"true": True, "false": False, "nil": None}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class TemplateScope:
    """What names mean: the dot, the variables, and whether a missing entry is an error."""

    def __init__(self, root: Any, *, strict: bool) -> None:
        self.dot = root
        self.variables = ChainMap[str, Any]({"$": root})
        self.strict = strict

    def at(self, dot: Any, variables: dict[str, Any]) -> TemplateScope:
        """The scope inside of a block, with variables of its own."""
        inner = TemplateScope(dot, strict=self.strict)
        inner.variables = self.variables.new_child(variables)
        return inner

    def set(self, name: str, value: Any, *, declares: bool) -> None:
        """Sets a variable: a new one of this block, or the one that has the name already."""
        held = self.variables.maps[0] if declares else next(one for one in self.variables.maps if name in one)
        held[name] = value


Expression = Callable[[TemplateScope], Any]


class ParsedAction(NamedTuple):
    """The variables that an action sets, whether it declares them with `:=`, and its value."""

    variables: tuple[str, ...]
    declares: bool
    value: Expression


def parse_action(text: str, source: str) -> ParsedAction:
    """The parsed inside of an action; an UnbuiltError, which names its `source`, for what is not understood."""
    tokens = _Tokens(text, source)
    variables = tokens.take_variables()
    value = tokens.pipeline()
    if tokens.next is not None:
        raise tokens.failure()
    return ParsedAction(variables, ":=" in text, value)


class _Tokens:
    """The tokens of an action, read from left to right."""

    def __init__(self, text: str, source: str) -> None:
        self._source = source
        self._tokens: list[tuple[str, str]] = []
        position = 0
        text = text.rstrip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise self.failure()
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        self._position = 0

    @property
    def next(self) -> tuple[str, str] | None:
        """The token that comes next."""
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def failure(self) -> UnbuiltError:
        """What is raised for an action that is not understood."""
        return UnbuiltError(f"the template {shown(self._source)}, which is not evaluated")

    def _skip(self, sign: str) -> bool:
        found = self.next == ("sign", sign)
        self._position += found
        return found

    def take_variables(self) -> tuple[str, ...]:
        """The variables before `:=` or `=`."""
        signs = [number for number, token in enumerate(self._tokens) if token in (("sign", ":="), ("sign", "="))]
        if not signs:
            return ()
        self._position = signs[0] + 1
        return tuple(text for kind, text in self._tokens[: signs[0]] if kind == "name")

    def pipeline(self) -> Expression:
        """Commands joined by `|`, each of which gets the value of the one before as its last argument."""
        value = self._command(None)
        while self._skip("|"):
            value = self._command(value)
        return value

    def _command(self, piped: Expression | None) -> Expression:
        kind, text = self.next or ("", "")
        if kind == "name" and text[0] not in "$." and text not in _CONSTANTS:
            self._position += 1
            return self._call(text, piped)
        if piped is not None:
            raise self.failure()
        return self._operand()

    def _call(self, name: str, piped: Expression | None) -> Expression:
        function = FUNCTIONS.get(name)
        if function is None:
            raise self.failure()
        arguments = []
        while self.next is not None and self.next not in (("sign", "|"), ("sign", ")")):
            arguments.append(self._operand())
        arguments += [piped] if piped is not None else []

        def call(scope: TemplateScope) -> Any:
            try:
                return bounded(function(*(one(scope) for one in arguments)))
            except (TypeError, ValueError, IndexError, AttributeError, KeyError, OverflowError) as error:
                raise UnbuiltError(f"error calling {name} in {shown(self._source)}: {error}") from None

        return call

    def _operand(self) -> Expression:
        kind, text = self.next or ("", "")
        self._position += 1
        if (kind, text) == ("sign", "("):
            value = self.pipeline()
            if not self._skip(")"):
                raise self.failure()
            following = self.next
            if following is not None and following[0] == "name" and following[1][0] == "." and len(following[1]) > 1:
                self._position += 1
                return self._fields(value, following[1])
            return value
        if kind == "text":
            return _constant(_unquoted(text))
        if kind == "number":
            return _constant(float(text) if "." in text else int(text))
        if kind == "name" and text in _CONSTANTS:
            return _constant(_CONSTANTS[text])
        if kind == "name" and text[0] == ".":
            return self._fields(lambda scope: scope.dot, text)
        if kind == "name" and text[0] == "$":
            variable, dot, fields = text.partition(".")
            return self._fields(lambda scope: self._variable(scope, variable), dot + fields)
        if kind == "name" and text in FUNCTIONS:
            return self._call_alone(text)
        raise self.failure()

    def _call_alone(self, name: str) -> Expression:
        function = FUNCTIONS[name]
        return lambda _: function()

    def _variable(self, scope: TemplateScope, name: str) -> Any:
        if name not in scope.variables:
            raise self.failure()
        return scope.variables[name]

    def _fields(self, value: Expression, path: str) -> Expression:
        names = [name for name in path.split(".") if name]

        def fields(scope: TemplateScope) -> Any:
            found = value(scope)
            for name in names:
                if not isinstance(found, dict):
                    raise UnbuiltError(f"can't evaluate field {name} in {shown(self._source)}")
                if name not in found and scope.strict:
                    value_at(found, name)
                    raise MissingKeyError(f'map has no entry for key "{name}" in {shown(self._source)}')
                found = value_at(found, name)
            return found

        return fields


class MissingKeyError(UnbuiltError):
    """A name that means nothing, where that is an error."""


def _constant(value: Any) -> Expression:
    return lambda _: value


def _unquoted(text: str) -> str:
    if text.startswith("`"):
        return text[1:-1]
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text[1:-1])


def shown(text: str) -> str:
    """The first line of a text, as messages have it."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 80 else f"{line[:77]}..."
