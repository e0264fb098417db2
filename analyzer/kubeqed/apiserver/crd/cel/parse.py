"""CEL text to a function of its variables, by precedence.

A parser by recursive descent, one method for each level of precedence, from `?:` down to a name. It builds no tree: each
method gives a function that evaluates its part, so a rule is parsed once (`cache`) and called for each object.

Left out is what no rule of the known CRDs uses: message construction, bytes, unsigned numbers, exponents.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from kubeqed.apiserver.crd.cel.macros import MACROS, both, either
from kubeqed.apiserver.crd.cel.values import (
    FORMAT,
    FUNCTIONS,
    METHODS,
    UndecidedError,
    compare,
    field,
    has,
    item,
    known,
)
from kubeqed.parse import parse_whole_number

Variables = dict[str, Any]
Expression = Callable[[Variables], Any]

_TOKEN = re.compile(
    r"""\s*(?:(?P<raw>r\"\"\".*?\"\"\"|r"[^"]*"|r'[^']*')|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]]))""",
    re.DOTALL,
)
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in")
_ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.floordiv, "%": operator.mod}
_CONSTANTS = {"true": True, "false": False, "null": None, "format": FORMAT}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@cache
def parse_program(text: str) -> Expression:
    """The function that a text stands for; it raises UndecidedError where an unknown decides."""
    return _Parser(text).whole()


class _Parser:
    """One text; `take` and `see` walk its tokens."""

    def __init__(self, text: str) -> None:
        self._tokens = [(match.lastgroup or "", match[match.lastgroup or 0]) for match in _TOKEN.finditer(text)]
        self._tokens.append(("end", ""))
        self._at = 0

    def whole(self) -> Expression:
        expression = self._choice()
        if self._tokens[self._at][0] != "end":
            raise ValueError(f"unexpected {self._tokens[self._at][1]}")
        return expression

    def _sees(self, *signs: str) -> str | None:
        kind, text = self._tokens[self._at]
        return text if kind in ("sign", "name") and text in signs else None

    def _takes(self, *signs: str) -> str | None:
        found = self._sees(*signs)
        self._at += found is not None
        return found

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            raise ValueError(f"expected {sign}, found {self._tokens[self._at][1]}")

    def _choice(self) -> Expression:
        test = self._either()
        if not self._takes("?"):
            return test
        # To the right: `a ? b : c ? d : e` is `a ? b : (c ? d : e)`.
        yes = self._choice()
        self._expect(":")
        no = self._choice()
        return lambda names: yes(names) if test(names) else no(names)

    def _either(self) -> Expression:
        left = self._both()
        while self._takes("||"):
            left = either(left, self._both())
        return left

    def _both(self) -> Expression:
        left = self._comparison()
        while self._takes("&&"):
            left = both(left, self._comparison())
        return left

    def _comparison(self) -> Expression:
        left = self._arithmetic("+", "-")
        while sign := self._takes(*_COMPARISONS):
            left = _compared(sign, left, self._arithmetic("+", "-"))
        return left

    def _arithmetic(self, *signs: str) -> Expression:
        left = self._factor(*signs)
        while sign := self._takes(*signs):
            left = _calculated(sign, left, self._factor(*signs))
        return left

    def _factor(self, *signs: str) -> Expression:
        """What stands between the signs of a sum, or of a product."""
        return self._arithmetic("*", "/", "%") if "+" in signs else self._unary()

    def _unary(self) -> Expression:
        if self._takes("!"):
            inner = self._unary()
            return lambda names: not inner(names)
        if self._takes("-"):
            inner = self._unary()
            return lambda names: -inner(names)
        return self._member()

    def _member(self) -> Expression:
        value = self._primary()
        while sign := self._takes(".", "["):
            if sign == "[":
                value = _item(value, self._choice())
                self._expect("]")
            else:
                name = self._name()
                value = self._call(value, name) if self._takes("(") else _field(value, _unescaped(name))
        return value

    def _call(self, value: Expression, name: str) -> Expression:
        """A method, or a macro that binds a variable."""
        if name in MACROS:
            variable = self._name()
            self._expect(",")
            body = self._choice()
            self._expect(")")
            return MACROS[name](value, variable, body)
        return _applied(METHODS[name], [value, *self._arguments(")")])

    def _arguments(self, closing: str) -> list[Expression]:
        found: list[Expression] = []
        while not self._takes(closing):
            found.append(self._choice())
            self._takes(",")
        return found

    def _name(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _primary(self) -> Expression:
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind in ("raw", "text", "number"):
            return _constant(_literal(kind, text))
        if text == "(":
            inner = self._choice()
            self._expect(")")
            return inner
        if text == "[":
            items = self._arguments("]")
            return lambda names: [entry(names) for entry in items]
        if kind != "name":
            raise ValueError(f"unexpected {text}")
        if text == "has" and self._takes("("):
            return self._has()
        if self._takes("("):
            return _applied(FUNCTIONS[text], self._arguments(")"))
        return _constant(_CONSTANTS[text]) if text in _CONSTANTS else lambda names: known(names[text])

    def _has(self) -> Expression:
        """`has(value.name)`: all but the last step is the value."""
        value = self._primary()
        steps: list[str] = []
        while sign := self._takes(".", "["):
            if steps:
                value = _field(value, steps.pop())
            if sign == "[":
                value = _item(value, self._choice())
                self._expect("]")
            else:
                steps.append(_unescaped(self._name()))
        self._expect(")")
        name = steps.pop()
        return lambda names: has(value(names), name)


def _literal(kind: str, text: str) -> Any:
    if kind == "number":
        return float(text) if "." in text else parse_whole_number(text)
    if kind == "raw":
        return text[4:-3] if text.startswith('r"""') else text[2:-1]
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text[1:-1])


def _unescaped(name: str) -> str:
    """A field whose name is a word of the language is written between double underscores."""
    return name[2:-2] if name.startswith("__") and name.endswith("__") else name


def _constant(value: Any) -> Expression:
    return lambda _: value


def _field(value: Expression, name: str) -> Expression:
    return lambda names: field(value(names), name)


def _item(value: Expression, index: Expression) -> Expression:
    return lambda names: item(value(names), index(names))


def _compared(sign: str, left: Expression, right: Expression) -> Expression:
    return lambda names: compare(sign, left(names), right(names))


def _calculated(sign: str, left: Expression, right: Expression) -> Expression:
    calculate = _ARITHMETIC[sign]
    return lambda names: calculate(left(names), right(names))


def _applied(function: Callable[..., Any], arguments: list[Expression]) -> Expression:
    def apply(names: Variables) -> Any:
        values = [argument(names) for argument in arguments]
        try:
            return function(*values)
        except (TypeError, ValueError, AttributeError):
            raise UndecidedError from None

    return apply
