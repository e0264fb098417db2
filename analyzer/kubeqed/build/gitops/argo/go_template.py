"""Go templates of ApplicationSets: text/template with the functions that Argo CD gives it (utils.init).

What names a value that is not known keeps its own text, so that the rest of a text is still told. What Go refuses, and
what is too large, raises an UnbuiltError.
"""

from __future__ import annotations

import re
from functools import lru_cache, wraps
from typing import Any

from kubeqed.build.gitops.argo.names import sanitize_name
from kubeqed.build.gitops.argo.open_values import OpenMap, OpenParameters, Rendered, UnknownValueError
from kubeqed.build.gotemplate.evaluation import NOTHING
from kubeqed.build.gotemplate.execution import Execution
from kubeqed.build.gotemplate.expressions import ParseError
from kubeqed.build.gotemplate.functions import stand_ins
from kubeqed.build.gotemplate.functions.maps import copy_deep
from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.functions.table import FUNCTIONS
from kubeqed.build.gotemplate.nodes import ActionNode, CommandNode, Definition, Operand
from kubeqed.build.gotemplate.origin import TemplateSource
from kubeqed.build.gotemplate.parser import parse_template
from kubeqed.build.gotemplate.resources import Budget, Call, DefinedTemplate, Function, FunctionTable
from kubeqed.build.gotemplate.values import TemplateError, TooLargeError
from kubeqed.build.refusal import UnbuiltError
from kubeqed.parse import Unknown

_NAME = ""  # Argo CD's templates have none
_OF_HELM_ALONE = ("toToml", "fromToml", "toYamlPretty", "fromJsonArray", "getHostByName")
_LOOK_INSIDE = frozenset(
    ("index", "get", "hasKey", "dig", "len", "list", "dict", "first", "last", "keys", "pluck", "set", "unset")
)
_CHANGES = re.compile(r"\b(?:un)?set\b|[mM]erge")  # the functions that change a map that they are given
_MOST_VALUES = 10_000  # in the arguments of one call
_LONGEST = 1_000_000  # of a text among them
_WIDEST = 80  # of a template in a message


def _ask_unknown(*_: Any) -> Any:
    """What a function gives that is random, depends on the time or is not done here."""
    raise UnknownValueError


_FUNCTIONS = FunctionTable(
    {
        **{name: function for name, function in FUNCTIONS.items() if name not in _OF_HELM_ALONE},
        **dict.fromkeys((*stand_ins.FUNCTIONS.keys() - {*_OF_HELM_ALONE}, "slugify"), _ask_unknown),
        "normalize": takes("s", sanitize_name),
    },
    {},
)
_NAMES = frozenset(_FUNCTIONS.plain)


def render_go_template(text: str, values: dict[str, Any], *, strict: bool) -> Rendered:
    """A text with values put in; `strict` is the option `missingkey=error`. An UnbuiltError says why not."""
    known = copy_deep(dict(values)) if _CHANGES.search(text) else values
    dot = OpenMap(known) if isinstance(values, OpenParameters) else known
    source = TemplateSource(_NAME, "", text)
    try:
        templates = {one.name: DefinedTemplate(one, source) for one in _parse_text(text)}
        execution = _ParameterExecution(templates, _FUNCTIONS, Budget())
        execution.is_strict = strict
        return Rendered(str(execution.run(_NAME, dot)), execution.is_unknown)
    except UnknownValueError:
        return Rendered(text, is_unknown=True)
    except (TooLargeError, RecursionError) as error:
        why = error.reason if isinstance(error, TooLargeError) else "it is nested too deeply"
        raise UnbuiltError(f"the template {_shorten_text(text)}: {why}", gave_up=True) from None
    except (ParseError, TemplateError) as error:
        raise UnbuiltError(f"{error.reason} in {_shorten_text(text)}") from None


@lru_cache(maxsize=1024)
def _parse_text(text: str) -> list[Definition]:
    """The templates of a text, parsed once for all sets of parameters."""
    return parse_template(TemplateSource(_NAME, "", text), _NAMES)


class _ParameterExecution(Execution):
    """An execution on parameters, of which some may not be known."""

    is_strict = False
    is_unknown = False

    def inner(self) -> Execution:
        """An execution of another template of the text."""
        made = _ParameterExecution(self.templates, self.functions, self.budget, self.current)
        made.is_strict = self.is_strict
        return made

    def _execute_action(self, node: ActionNode, dot: Any) -> None:
        """Prints the value of an action, or its own text where it is not known; not what a variable may get."""
        outer = self.current
        try:
            super()._execute_action(node, dot)
        except UnknownValueError:
            if node.pipe.variables or self.within is not None:
                raise
            self.current, self.is_unknown = outer, True
            self._output.add(self._source.text[node.offset : node.end])

    def _print_value(self, value: Any) -> None:
        """Prints a value of which all is known."""
        _check_known([value])
        super()._print_value(value)

    def _evaluate_command(self, command: CommandNode, dot: Any, final: Any) -> Any:
        """The value of a command, if it is known."""
        return _require_known(super()._evaluate_command(command, dot, final))

    def _evaluate_operand(self, node: Operand, dot: Any) -> Any:
        """The value of an operand, if it is known."""
        return _require_known(super()._evaluate_operand(node, dot))

    def _find_field(self, value: Any, name: str, *, is_untyped: bool) -> Any:
        """A field of a value that is known."""
        if self.is_strict and isinstance(value, dict) and name not in value:
            raise self.error(f'map has no entry for key "{name}"')
        return super()._find_field(_require_known(value), name, is_untyped=is_untyped)

    def _apply_function(self, call: Call, function: Function, dot: Any, final: Any) -> Any:
        """Calls a function on arguments of which all is known that it looks at."""
        self._check_count(call, function, is_piped=final is not NOTHING)
        looks_inside = call.name in _LOOK_INSIDE

        @wraps(function)
        def apply(*given: Any) -> Any:
            if not looks_inside:
                _check_known(list(given))
            return function(*given)

        return super()._apply_function(call, apply, dot, final)


def _require_known(value: Any) -> Any:
    """A value that is known, whatever it holds."""
    if isinstance(value, Unknown):
        raise UnknownValueError
    return value


def _check_known(values: list[Any]) -> None:
    """An UnknownValueError where some value is not known, also inside of others; a TooLargeError for what is too large."""
    count = 0
    while values:
        value = _require_known(values.pop())
        count += 1
        if count > _MOST_VALUES or (isinstance(value, str) and len(value) > _LONGEST):
            raise TooLargeError("it makes too large a value")
        if isinstance(value, dict | list):
            values += value.values() if isinstance(value, dict) else value


def _shorten_text(text: str) -> str:
    """The first line of a text, as messages have it."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 3]}..."
