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

from kubeqed.apiserver.crd.cel.macros import MACROS, Expression, Variables, evaluate_and, evaluate_or
from kubeqed.apiserver.crd.cel.values import (
    FORMAT,
    FUNCTIONS,
    METHODS,
    UndecidedError,
    compare,
    has_field,
    index_item,
    require_known,
    select_field,
)
from kubeqed.parse import parse_whole_number

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
        expression = self._parse_choice()
        if self._tokens[self._at][0] != "end":
            raise ValueError(f"unexpected {self._tokens[self._at][1]}")
        return expression

    def _peek_sign(self, *signs: str) -> str | None:
        kind, text = self._tokens[self._at]
        return text if kind in ("sign", "name") and text in signs else None

    def _take_sign(self, *signs: str) -> str | None:
        found = self._peek_sign(*signs)
        self._at += found is not None
        return found

    def _expect_sign(self, sign: str) -> None:
        if not self._take_sign(sign):
            raise ValueError(f"expected {sign}, found {self._tokens[self._at][1]}")

    def _parse_choice(self) -> Expression:
        test = self._parse_either()
        if not self._take_sign("?"):
            return test
        # To the right: `a ? b : c ? d : e` is `a ? b : (c ? d : e)`.
        yes = self._parse_choice()
        self._expect_sign(":")
        no = self._parse_choice()
        return lambda names: yes(names) if test(names) else no(names)

    def _parse_either(self) -> Expression:
        left = self._parse_both()
        while self._take_sign("||"):
            left = evaluate_or(left, self._parse_both())
        return left

    def _parse_both(self) -> Expression:
        left = self._parse_comparison()
        while self._take_sign("&&"):
            left = evaluate_and(left, self._parse_comparison())
        return left

    def _parse_comparison(self) -> Expression:
        left = self._parse_arithmetic("+", "-")
        while sign := self._take_sign(*_COMPARISONS):
            left = _make_comparison(sign, left, self._parse_arithmetic("+", "-"))
        return left

    def _parse_arithmetic(self, *signs: str) -> Expression:
        left = self._parse_factor(*signs)
        while sign := self._take_sign(*signs):
            left = _make_calculation(sign, left, self._parse_factor(*signs))
        return left

    def _parse_factor(self, *signs: str) -> Expression:
        """What stands between the signs of a sum, or of a product."""
        return self._parse_arithmetic("*", "/", "%") if "+" in signs else self._parse_unary()

    def _parse_unary(self) -> Expression:
        if self._take_sign("!"):
            inner = self._parse_unary()
            return lambda names: not inner(names)
        if self._take_sign("-"):
            inner = self._parse_unary()
            return lambda names: -inner(names)
        return self._parse_member()

    def _parse_member(self) -> Expression:
        value = self._parse_primary()
        while sign := self._take_sign(".", "["):
            if sign == "[":
                value = _make_item(value, self._parse_choice())
                self._expect_sign("]")
            else:
                name = self._parse_name()
                value = (
                    self._parse_call(value, name) if self._take_sign("(") else _make_field(value, _unescape_name(name))
                )
        return value

    def _parse_call(self, value: Expression, name: str) -> Expression:
        """A method, or a macro that binds a variable."""
        if name in MACROS:
            variable = self._parse_name()
            self._expect_sign(",")
            body = self._parse_choice()
            self._expect_sign(")")
            return MACROS[name](value, variable, body)
        return _make_application(METHODS[name], [value, *self._parse_arguments(")")])

    def _parse_arguments(self, closing: str) -> list[Expression]:
        found: list[Expression] = []
        while not self._take_sign(closing):
            found.append(self._parse_choice())
            self._take_sign(",")
        return found

    def _parse_name(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _parse_primary(self) -> Expression:
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind in ("raw", "text", "number"):
            return _make_constant(_read_literal(kind, text))
        if text == "(":
            inner = self._parse_choice()
            self._expect_sign(")")
            return inner
        if text == "[":
            items = self._parse_arguments("]")
            return lambda names: [entry(names) for entry in items]
        if kind != "name":
            raise ValueError(f"unexpected {text}")
        if text == "has" and self._take_sign("("):
            return self._parse_has()
        if self._take_sign("("):
            return _make_application(FUNCTIONS[text], self._parse_arguments(")"))
        return _make_constant(_CONSTANTS[text]) if text in _CONSTANTS else lambda names: require_known(names[text])

    def _parse_has(self) -> Expression:
        """`has(value.name)`: all but the last step is the value."""
        value = self._parse_primary()
        steps: list[str] = []
        while sign := self._take_sign(".", "["):
            if steps:
                value = _make_field(value, steps.pop())
            if sign == "[":
                value = _make_item(value, self._parse_choice())
                self._expect_sign("]")
            else:
                steps.append(_unescape_name(self._parse_name()))
        self._expect_sign(")")
        name = steps.pop()
        return lambda names: has_field(value(names), name)


def _read_literal(kind: str, text: str) -> Any:
    if kind == "number":
        return float(text) if "." in text else parse_whole_number(text)
    if kind == "raw":
        return text[4:-3] if text.startswith('r"""') else text[2:-1]
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text[1:-1])


def _unescape_name(name: str) -> str:
    """A field whose name is a word of the language is written between double underscores."""
    return name[2:-2] if name.startswith("__") and name.endswith("__") else name


def _make_constant(value: Any) -> Expression:
    return lambda _: value


def _make_field(value: Expression, name: str) -> Expression:
    return lambda names: select_field(value(names), name)


def _make_item(value: Expression, index: Expression) -> Expression:
    return lambda names: index_item(value(names), index(names))


def _make_comparison(sign: str, left: Expression, right: Expression) -> Expression:
    return lambda names: compare(sign, left(names), right(names))


def _make_calculation(sign: str, left: Expression, right: Expression) -> Expression:
    calculate = _ARITHMETIC[sign]
    return lambda names: calculate(left(names), right(names))


def _make_application(function: Callable[..., Any], arguments: list[Expression]) -> Expression:
    def apply(names: Variables) -> Any:
        values = [argument(names) for argument in arguments]
        try:
            return function(*values)
        except (TypeError, ValueError, AttributeError):
            raise UndecidedError from None

    return apply
