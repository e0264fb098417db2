"""A chart at any values: what each of its templates prints, under which conditions, and what the chart asks for."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, NamedTuple

from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.functions.table import FUNCTIONS
from kubeqed.build.gotemplate.resources import Budget, ExecutionError, FunctionTable
from kubeqed.build.gotemplate.values import TooLargeError
from kubeqed.build.helm.chart import Chart
from kubeqed.build.helm.rendering import AskedError, Renderable, Rendering
from kubeqed.build.helm.symbolic.conditions import FALSE, TRUE, Condition
from kubeqed.build.helm.symbolic.execution import SymbolicExecution
from kubeqed.build.helm.symbolic.ropes import Rope
from kubeqed.build.helm.symbolic.state import NotFollowedError, SymbolicState
from kubeqed.build.helm.symbolic.terms import SymbolicTerm, TemplateScope, path_of

_MOST_STEPS = 250_000


class PrintedRope(NamedTuple):
    """What a template file prints, and under which condition it is a part of the chart."""

    name: str
    condition: Condition
    rope: Rope


class LeftFile(NamedTuple):
    """A template file that is not followed, and why."""

    name: str
    reason: str


class SymbolicChart:
    """What a chart prints at any values. `hypothesis` is what it asks for, so that it is rendered nowhere else."""

    def __init__(self, rendering: Rendering) -> None:
        self.printed: list[PrintedRope] = []
        self.left: list[LeftFile] = []
        self._rendering = rendering
        self._budget = Budget(steps=_MOST_STEPS)
        self._begin_anew(set())
        self._functions = FunctionTable(
            {**FUNCTIONS, "required": takes("s.", _require_known), "fail": _fail_with, "lookup": _look_up},
            {"include": _refuse_call, "tpl": _execute_known_text},
        )
        changed: set[tuple[str, ...]] = set()
        self._execute_files()
        while self.state.changed - changed and () not in self.state.changed:
            changed |= (
                self.state.changed
            )  # what others read of these values is not known, so that all is executed again
            self._begin_anew(changed)
            self._execute_files()
        if () in self.state.changed:
            self._begin_anew(set())
            self.left.append(LeftFile(rendering.chart.name, "its templates change its values"))

    def _begin_anew(self, changed: set[tuple[str, ...]]) -> None:
        """Forgets all that was executed; some values are changed by templates."""
        self.state = SymbolicState()
        self.state.terms.volatile = changed
        self.hypothesis: Condition = TRUE
        self.printed.clear()
        self.left.clear()
        self._values = self._make_root("Values", self._rendering.values)
        self._scopes: dict[str, tuple[TemplateScope, Condition]] = {}

    def _make_root(self, name: str, value: Any) -> SymbolicTerm:
        """A term of which nothing is known but an example."""
        return self.state.terms.make("root", name, (), value, value)

    def _execute_files(self) -> None:
        """Executes all files."""
        self.left += (LeftFile(self._rendering.chart.name, f"the sub-chart {one} is off") for one in self._list_off())
        if not self._rendering.files:
            return
        self._add_scopes(self._rendering.chart, self._values, TRUE)
        for name, file in sorted(self._rendering.files.items()):
            if not posixpath.basename(name).startswith("_") and not name.endswith("NOTES.txt"):
                self._execute_file(name, file)

    def _execute_file(self, name: str, file: Renderable) -> None:
        """Adds what a file prints."""
        scope, condition = self._scopes[posixpath.dirname(file.base)]
        scope["Template"] = {"Name": name, "BasePath": file.base}
        conditions = self.state.terms.conditions
        self.state.remembered.clear()  # helpers may ask which file it is
        self.state.condition, self.state.loops = condition, []
        execution = SymbolicExecution(self._rendering.templates, self._functions, self._budget, self.state)
        try:
            rope = execution.run(name, scope)
            asked = conditions.both(*(conditions.choose(condition, one, TRUE) for one in execution.obligations))
            hypothesis = conditions.both(self.hypothesis, asked)
        except ExecutionError as error:
            self.left.append(LeftFile(name, error.reason))
        except RecursionError:
            self.left.append(LeftFile(name, "it is nested too deeply"))
        except TooLargeError as error:
            self.left.append(LeftFile(name, error.reason))
        else:
            if hypothesis == FALSE:
                self.left.append(LeftFile(name, "what it asks for is never so"))
                return
            self.hypothesis = hypothesis
            self.printed.append(PrintedRope(name, condition, rope))
        finally:
            self._budget.depth = 0

    def _add_scopes(self, chart: Chart, values: Any, condition: Condition) -> TemplateScope:
        """What the files of a chart, and of those that it depends on, are executed on."""
        known = next((one.scope for one in self._rendering.files.values() if one.scope["Chart"].is_of(chart)), None)
        scope = TemplateScope() if known is None else TemplateScope(known)
        inner: dict[str, Any] = {}
        scope |= {"Values": values, "Subcharts": inner, "Release": self._make_release()}
        self._scopes[chart.full_path] = scope, condition
        conditions, field = self.state.terms.conditions, self.state.terms.field
        for one in chart.charts:
            own = field(values, one.name)
            self.state.roots.add(path_of(own) or ())
            around = field(values, "global")
            if own.default.get("global", {}) == around.default or not own.default.get("global"):
                self.state.globals[own.number] = self.state.globals.get(values.number, around)
            is_on = conditions.both(condition, *self._list_switches(chart, one, values))
            inner[one.name] = self._add_scopes(one, own, is_on)
        return scope

    def _list_off(self) -> Iterator[str]:
        """The sub-charts that the values switch off, by name."""
        there = {one.name for one in self._rendering.chart.charts}
        stated = self._rendering.chart.metadata.get("dependencies")
        for one in filter(lambda one: isinstance(one, dict), stated if isinstance(stated, list) else []):
            name = str(one.get("alias") or one.get("name"))
            if name not in there:
                yield name

    def _list_switches(self, chart: Chart, inner: Chart, values: Any) -> Iterator[Condition]:
        """The condition of a sub-chart: the first path that is set decides, else its tags, which may be any."""
        table = self.state.terms
        stated = next((one for one in chart.dependencies if one.name == inner.name), None)
        for path in filter(None, (stated.condition if stated is not None else "").strip().split(",")):
            found = values
            for key in path.split("."):
                found = table.field(found, key)
            if isinstance(found, SymbolicTerm) and isinstance(found.default, bool):
                yield table.truth(found)
                return
            yield table.truth(table.call("stays on", (found,), lambda value: value is not False))
        if stated is not None and stated.tags:
            yield table.truth(table.unknown(f"the tags of {inner.name}"))

    def _make_release(self) -> dict[str, Any]:
        """`.Release`, whose names may be any."""
        release = next(iter(self._rendering.files.values())).scope["Release"]
        names = {key: self._make_root(f"Release.{key}", release[key]) for key in ("Name", "Namespace")}
        return {**release, **names}


def _refuse_call(*_: Any) -> Any:
    raise AssertionError("the execution includes by itself")


def _require_known(warning: str, value: Any) -> Any:
    if value is None or value == "":
        raise AskedError(warning)
    return value


def _fail_with(*_: Any) -> Any:
    raise AskedError("it asks for other values")


def _look_up(*_: Any) -> Any:
    return {}


def _execute_known_text(_: SymbolicExecution, text: Any, __: Any = None) -> Any:
    if isinstance(text, str) and "{{" not in text:
        return text
    raise NotFollowedError("it executes a text as a template")
