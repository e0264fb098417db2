"""Where CEL decides although a part cannot be told: `&&`, `||`, and the macros over lists and maps.

A part cannot be told when it reads an unknown (UndecidedError) or when CEL itself would fail (FailedError, which is one of
them). `false && error` is false and `true || error` true in CEL, whichever side comes first; an unknown is treated alike.
So a rule is reported only if it is false whatever the unknown turns out to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kubeqed.apiserver.crd.cel.values import FailedError, UndecidedError, require_known

Variables = dict[str, Any]
Expression = Callable[[Variables], Any]
Macro = Callable[[Expression, str, Expression], Expression]
Answer = bool | UndecidedError


def evaluate_and(left: Expression, right: Expression) -> Expression:
    """`&&`: false as soon as one side is."""

    def evaluate(names: Variables) -> bool:
        try:
            if not left(names):
                return False
        except UndecidedError as error:
            return _answer_despite(error, right, names, decides=False)
        return bool(right(names))

    return evaluate


def evaluate_or(left: Expression, right: Expression) -> Expression:
    """`||`: true as soon as one side is."""

    def evaluate(names: Variables) -> bool:
        try:
            if left(names):
                return True
        except UndecidedError as error:
            return _answer_despite(error, right, names, decides=True)
        return bool(right(names))

    return evaluate


def _answer_despite(error: UndecidedError, other: Expression, names: Variables, *, decides: bool) -> bool:
    """The answer of the other side where it decides; otherwise the error, open when one of the sides is."""
    # CEL's `&&` and `||` are commutative: an error on the left does not count if the right side decides alone.
    try:
        answer = bool(other(names))
    except FailedError:
        raise error from None
    if answer is decides:
        return answer
    raise error


def _list_answers(value: Expression, variable: str, body: Expression, names: Variables) -> Iterator[tuple[Any, Answer]]:
    """Each item with what the body says of it, or the error; one open answer last for items that the input does not show."""
    items = value(names)
    inner = dict(names)
    for item in items:
        try:
            inner[variable] = require_known(item)
            yield item, bool(body(inner))
        except UndecidedError as error:
            yield item, error
    # A list that may hold more items can be found false by one that is there, but never true for all.
    if getattr(items, "open", False):
        yield None, UndecidedError()


def _settled_by(deciding: bool) -> Macro:
    """`all`, which one false answer settles, or `exists`, which a true one does, whatever the others are."""

    def macro(value: Expression, variable: str, body: Expression) -> Expression:
        def evaluate(names: Variables) -> bool:
            answers = [answer for _, answer in _list_answers(value, variable, body, names)]
            if deciding in answers:
                return deciding
            _raise_undecided(answers)
            return not deciding

        return evaluate

    return macro


def _exists_one(value: Expression, variable: str, body: Expression) -> Expression:
    def evaluate(names: Variables) -> bool:
        answers = [answer for _, answer in _list_answers(value, variable, body, names)]
        if answers.count(True) > 1:
            return False
        _raise_undecided(answers)
        return answers.count(True) == 1

    return evaluate


def _make_filter(value: Expression, variable: str, body: Expression) -> Expression:
    def evaluate(names: Variables) -> list[Any]:
        answers = list(_list_answers(value, variable, body, names))
        _raise_undecided([answer for _, answer in answers])
        return [item for item, answer in answers if answer]

    return evaluate


def _make_map(value: Expression, variable: str, body: Expression) -> Expression:
    def evaluate(names: Variables) -> list[Any]:
        items = value(names)
        if getattr(items, "open", False):
            raise UndecidedError
        return [body({**names, variable: require_known(item)}) for item in items]

    return evaluate


def _raise_undecided(answers: list[Answer]) -> None:
    """Raises when one of the answers is an error: an open one, if there is one."""
    errors = [answer for answer in answers if isinstance(answer, UndecidedError)]
    if errors:
        raise next((error for error in errors if not isinstance(error, FailedError)), errors[0])


MACROS: dict[str, Macro] = {
    "all": _settled_by(deciding=False),
    "exists": _settled_by(deciding=True),
    "exists_one": _exists_one,
    "filter": _make_filter,
    "map": _make_map,
}
