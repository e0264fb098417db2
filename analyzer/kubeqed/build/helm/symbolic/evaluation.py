"""The values of expressions where values may be terms: what is not known of them is a term, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kubeqed.build.gotemplate.evaluation import NIL_ITEM, NOTHING, Evaluation
from kubeqed.build.gotemplate.nodes import Operand, SyntaxNode
from kubeqed.build.gotemplate.origin import Origin
from kubeqed.build.gotemplate.resources import Budget, Call, DefinedTemplate, ExecutionError, Function, FunctionTable
from kubeqed.build.gotemplate.values import TemplateError
from kubeqed.build.helm.symbolic.conditions import FALSE, TRUE, Condition
from kubeqed.build.helm.symbolic.functions import call_symbolically
from kubeqed.build.helm.symbolic.ropes import Rope, term_of
from kubeqed.build.helm.symbolic.state import GuardedMap, NotFollowedError, SymbolicState
from kubeqed.build.helm.symbolic.terms import SymbolicTerm

_MAKE_MAPS = frozenset("dict omit pick fromYaml fromJson deepCopy mustDeepCopy".split())


class SymbolicEvaluation(Evaluation):
    """The values of one template's expressions.

    `obligations` are the conditions without which the template fails, `condition` that of what is executed, from its
    beginning on.
    """

    def __init__(
        self,
        templates: Mapping[str, DefinedTemplate],
        functions: FunctionTable,
        budget: Budget,
        state: SymbolicState,
        within: Origin | None = None,
    ) -> None:
        super().__init__(templates, functions, budget, within)
        self.state = state
        self.condition: Condition = TRUE
        self.obligations: list[Condition] = []

    def include(self, name: Any, dot: Any) -> Rope:
        """What another template prints."""
        raise NotImplementedError

    def _grant_here(self, condition: Condition) -> Condition:
        """What is granted wherever it is executed here."""
        return self.state.terms.conditions.choose(self.condition, condition, TRUE)

    def oblige(self, condition: Condition) -> None:
        """Notes what the chart asks for here."""
        self.obligations.append(self._grant_here(condition))

    def truth(self, value: Any) -> Condition:
        """That `if` takes a value for true."""
        return self.state.terms.truth(self.plain_value(None if value is NIL_ITEM else value))

    def plain_value(self, value: Any) -> Any:
        """A value that is no rope, and no map of which nobody can say what it holds."""
        if isinstance(value, GuardedMap) and value.is_spoiled:
            return self.state.terms.unknown("a map that is changed under a condition")
        return term_of(value, self.state.terms) if isinstance(value, Rope) else value

    def _find_field(self, value: Any, name: str, *, is_untyped: bool) -> Any:
        """A field of a value."""
        if isinstance(value, GuardedMap):
            value = self.plain_value(value)
        if isinstance(value, Rope):
            raise self.error(f"can't evaluate field {name} in type string")
        if not isinstance(value, SymbolicTerm):
            return super()._find_field(value, name, is_untyped=is_untyped)
        if name == "AsMap" and isinstance(value.default, dict) and "AsMap" not in value.default:
            return value
        if value.kind in ("text", "condition") or isinstance(value.default, str | bool | int | float):
            raise self.error(f"can't evaluate field {name} in a scalar")
        around = self.state.globals.get(value.number) if name == "global" else None
        return around if around is not None else self.state.terms.field(value, name)

    def _evaluate_lazily(self, node: Any, arguments: list[Operand], dot: Any, final: Any) -> Any:
        """`and` and `or`: the first argument that decides, or the last."""
        if not arguments:
            return final
        value, rest = self.plain_value(self._evaluate_operand(arguments[0], dot)), arguments[1:]
        if not rest and final is NOTHING:
            return value
        return self._choose_lazily(node.name, value, lambda: self._evaluate_lazily(node, rest, dot, final))

    def _choose_lazily(self, name: str, value: Any, rest: Any) -> Any:
        """One of a value and what comes after it, which is asked for only where it decides."""
        conditions = self.state.terms.conditions
        decides = self.truth(value) if name == "or" else conditions.negate(self.truth(value))
        if decides == TRUE:
            return value
        if decides == FALSE:
            return rest()
        outer = self.condition, self.state.condition
        self.condition = conditions.both(self.condition, conditions.negate(decides))
        try:
            other = self.plain_value(rest())
        except ExecutionError:
            self.obligations.append(conditions.negate(self.condition))
            return value
        finally:
            self.condition, self.state.condition = outer
        return self.state.terms.choose(decides, value, other)

    def _invoke_function(
        self, call: Call, function: Function, given: list[Any], places: list[SyntaxNode], *, is_piped: bool
    ) -> Any:
        """Calls a function whose arguments may be terms."""
        given = [None if one is NIL_ITEM else one for one in given]
        if call.name == "include":
            self.budget.begin_call(call.name, [])
            return self.include(given[0], given[1] if len(given) > 1 else None)
        try:
            made = call_symbolically(self, call.name, function, given)
        except ExecutionError:
            raise
        except NotFollowedError:
            raise
        except TemplateError as error:
            raise self._place_error(call, error.reason, error) from None
        if made is NotImplemented:
            made = super()._invoke_function(call, function, given, places, is_piped=is_piped)
            return self.state.make_map(made) if isinstance(made, dict) and call.name in _MAKE_MAPS else made
        self.budget.begin_call(call.name, [])
        return made
