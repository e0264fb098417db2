"""Executes the templates of a chart and of its sub-charts (pkg/engine)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from kubeqed.build.gotemplate.execution import Execution
from kubeqed.build.gotemplate.expressions import ParseError
from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.functions.table import FUNCTIONS
from kubeqed.build.gotemplate.nodes import Definition
from kubeqed.build.gotemplate.origin import Origin, TemplateSource
from kubeqed.build.gotemplate.parser import parse_template
from kubeqed.build.gotemplate.printing import NO_VALUE
from kubeqed.build.gotemplate.resources import Budget, DefinedTemplate, ExecutionError, FunctionTable
from kubeqed.build.gotemplate.text import TextBuilder, TracedText, concat, cut
from kubeqed.build.gotemplate.tracing.reads import ReadLog
from kubeqed.build.gotemplate.values import TemplateError, TooLargeError
from kubeqed.build.helm.chart import Chart, ChartFile, ParsedTemplate
from kubeqed.build.helm.coalesce import ValuesObject
from kubeqed.build.helm.objects import Capabilities, ChartObject, FilesObject
from kubeqed.build.refusal import HELM, Refusal, RefusalCause, Unbuilt
from kubeqed.parse import Place

_OF_TEXT = "gotpl"  # the name of what `tpl` executes
_TEXT_IS_LONG = 40


class AskedError(TemplateError):
    """What the chart itself refuses, with `fail` or `required`: it asks for other values."""


class NoTemplateError(TemplateError):
    """A template is included that no file defines."""


class Renderable(NamedTuple):
    """A template file with the scope that it is executed in."""

    file: ChartFile
    scope: dict[str, Any]
    base: str


class TextSource(TemplateSource):
    """A template that stands in a value; where that is, if it is known, else where `tpl` is called."""

    def __init__(self, text: str, around: Origin | None) -> None:
        super().__init__(_OF_TEXT, "", str(text))
        self._traced = text
        self._around = around

    def place(self, offset: int, _: int = 0) -> Place:
        """Where the text at an offset comes from."""
        origin = self._traced.origin_at(offset) if isinstance(self._traced, TracedText) else None
        found = origin or self._around
        return found.place if found is not None else Place.at_start("")


class PrintedTemplate(NamedTuple):
    """What a template file printed."""

    name: str
    text: TracedText
    source: TemplateSource


class EarlierRendering(NamedTuple):
    """What was printed of a chart at other values: the names of all its files, and what holds of it by name."""

    names: frozenset[str]
    printed: dict[str, PrintedTemplate]


class Rendering:
    """One chart with its values while it is rendered; what is refused of a file leaves the others as they are.

    `files` are the templates with the scopes that they are executed in, `templates` all that they define, by name.
    """

    def __init__(
        self,
        chart: Chart,
        release: dict[str, Any],
        capabilities: Capabilities,
        values: dict[str, Any],
        parsed: dict[str, ParsedTemplate] | None = None,
    ) -> None:
        self.chart = chart
        self.refusals: list[Refusal] = []
        self.unbuilt: list[Unbuilt] = []
        self.asked: list[Refusal] = []
        self.budget = Budget()
        self.values = ValuesObject.of(values)
        self.printed: dict[str, PrintedTemplate] = {}
        self.reads: dict[str, ReadLog] = {}
        self.changes_values = False
        self.files: dict[str, Renderable] = {}
        self.templates: dict[str, DefinedTemplate] = {}
        self._parsed = {} if parsed is None else parsed
        self._sources: dict[str, TemplateSource] = {}
        self._functions = FunctionTable(
            {
                **FUNCTIONS,
                "required": takes("s.", _require_value),
                "fail": takes("s", _fail_with),
                "lookup": takes("ssss", lambda *_: {}),
            },
            {"include": _include_template, "tpl": self._execute_text},
        )
        self._names = frozenset((*self._functions.plain, *self._functions.asking))
        scope = {"Release": release, "Capabilities": capabilities, "Values": self.values}
        self._gather_templates(chart, scope)

    def _gather_templates(self, chart: Chart, outer: dict[str, Any]) -> dict[str, Any]:
        """Adds the templates of a chart and of those that it depends on; the scope of the chart is returned."""
        values = outer["Values"]
        if chart.parent is not None:
            own = values.get(chart.name)
            around, values = values, ValuesObject.of(own if isinstance(own, dict) else {})
            around[chart.name] = values
        inner: dict[str, Any] = {}
        scope: dict[str, Any] = {
            "Chart": ChartObject(chart),
            "Files": FilesObject(chart.files),
            "Release": outer["Release"],
            "Capabilities": outer["Capabilities"],
            "Values": values,
            "Subcharts": inner,
        }
        for one in chart.charts:
            inner[one.name] = self._gather_templates(one, scope)
        for file in chart.templates:
            if not chart.is_library or posixpath.basename(file.name).startswith("_"):
                base = posixpath.join(chart.full_path, "templates")
                self.files[posixpath.join(chart.full_path, file.name)] = Renderable(file, scope, base)
        return scope

    def render(self, before: EarlierRendering | None = None) -> list[PrintedTemplate]:
        """What the files print, in order of their names; partials and notes print nothing.

        `before` was printed at other values, and holds for files that read nothing of what is another one now.
        """
        kept = before.printed if before is not None and before.names == self.files.keys() else {}
        state = self._spell_state()
        names = sorted(self.files, key=lambda name: (name.count("/"), name.encode()), reverse=True)
        for name in names:
            self._parse_file(name, self.files[name].file)
        budget = self.budget
        printed = [name for name in names if name in self._sources and not posixpath.basename(name).startswith("_")]
        made = [one for name in printed if (one := kept.get(name) or self._render_file(name, budget)) is not None]
        self.printed = {one.name: one for one in made}
        self.changes_values = state != self._spell_state()
        return sorted((one for one in made if not one.name.endswith("NOTES.txt")), key=lambda one: one.name)

    def _spell_state(self) -> str:
        """What templates may change that others see: the values, and what stands beside them."""
        scopes = (
            [(key, id(one)) for key, one in item.scope.items() if key != "Template"] for item in self.files.values()
        )
        return f"{self.values!r} {list(scopes)}"

    def keep_unless(self, changed: Iterable[tuple[str, Place]] | None) -> EarlierRendering | None:
        """What was printed by files that did not read certain entries; None where templates change what others see."""
        if self.changes_values or changed is None:
            return None
        entries = list(changed)
        kept = {
            name: one
            for name, one in self.printed.items()
            if not any(self.reads[name].concerns(key, place) for key, place in entries)
        }
        return EarlierRendering(frozenset(self.files), kept)

    def _parse_file(self, name: str, file: ChartFile) -> None:
        """Adds the templates that a file defines; the last of a name holds, unless it is empty."""
        if name not in self._parsed:
            source = file.source(name)
            try:
                self._parsed[name] = ParsedTemplate(source, parse_template(source, self._names))
            except ParseError as error:
                where, what = source.line_of(error.offset), error.reason.removeprefix("template: ")
                reason = f"parse error at ({name}:{where}): {what}"
                self.refusals.append(Refusal(source.place(error.offset), reason, tool=HELM))
                return
            except (TooLargeError, RecursionError) as error:
                why = error.reason if isinstance(error, TooLargeError) else "it is nested too deeply"
                self.unbuilt.append(Unbuilt(source.place(0), f"the template {name}: {why}", gave_up=True))
                return
        source, definitions = self._parsed[name]
        self._sources[name] = source
        for one in definitions:
            _define_template(self.templates, one, source)

    def _render_file(self, name: str, budget: Budget) -> PrintedTemplate | None:
        """What one file prints; None where it is refused or given up."""
        renderable, source = self.files[name], self._sources[name]
        scope = renderable.scope  # all templates of a chart share it, so that what one sets there the next one sees
        scope["Template"] = {"Name": name, "BasePath": renderable.base}
        budget.reads = self.reads[name] = ReadLog()
        try:
            text = Execution(self.templates, self._functions, budget).run(name, scope)
            return PrintedTemplate(name, _without_no_value(text), source)
        except ExecutionError as error:
            self._note_refusal(error)
        except (TooLargeError, RecursionError) as error:
            budget.depth = 0
            why = error.reason if isinstance(error, TooLargeError) else "it is nested too deeply"
            self.unbuilt.append(Unbuilt(source.place(0), f"the template {name}: {why}", gave_up=True))
        return None

    def _note_refusal(self, error: ExecutionError) -> None:
        """Notes what is refused, if it is the first."""
        if self.refusals or self.asked:
            return  # Helm ends at the first, and what comes after it may follow from it
        is_asked = isinstance(error.cause, AskedError)
        reason = error.cause.reason if is_asked else error.message
        cause = RefusalCause.TEXT if isinstance(error.cause, NoTemplateError) else RefusalCause.VALUES
        (self.asked if is_asked else self.refusals).append(Refusal(error.origin.place, reason, cause, HELM))

    def _execute_text(self, execution: Execution, text: Any, dot: Any = None) -> str:
        """`tpl`: executes a text as a template, which may define others for itself."""
        if not isinstance(text, str):
            raise TemplateError("wrong type for value; expected string")
        if "{{" not in text:
            return text
        source = TextSource(text, execution.current)
        try:
            definitions = _parse_text(str(text), self._names)
        except ParseError as error:
            shown = text if len(text) < _TEXT_IS_LONG else f"{text[:_TEXT_IS_LONG]}..."
            line = source.line_of(error.offset)
            raise TemplateError(f'cannot parse template "{shown}": template: gotpl:{line}: {error.reason}') from None
        templates = dict(self.templates)
        for one in definitions:
            _define_template(templates, one, source)
        inner = execution.inner()
        inner.templates = templates
        return _without_no_value(inner.run(_OF_TEXT, dot))


@lru_cache(maxsize=4096)
def _parse_text(text: str, functions: frozenset[str]) -> list[Definition]:
    """The templates of a text that `tpl` executes; the same text is parsed once."""
    return parse_template(TemplateSource(_OF_TEXT, "", text), functions)


def _define_template(templates: dict[str, DefinedTemplate], new: Definition, source: TemplateSource) -> None:
    """Adds a template; an empty one replaces none."""
    if new.is_empty and new.name in templates:
        return
    templates[new.name] = DefinedTemplate(new, source)


def _include_template(execution: Execution, name: Any, dot: Any = None) -> str:
    """`include`: what another template prints."""
    if not isinstance(name, str):
        raise TemplateError("wrong type for value; expected string")
    if name not in execution.templates:
        raise NoTemplateError(f'template: no template "{name}" associated with template "gotpl"')
    return execution.inner().run(name, dot)


def _require_value(warning: str, value: Any) -> Any:
    """`required`."""
    if value is None or value == "":
        raise AskedError(warning)
    return value


def _fail_with(message: str) -> str:
    """`fail`."""
    raise AskedError(message)


def _without_no_value(text: TracedText) -> TracedText:
    """Helm takes out what Go prints for nil, wherever it comes from."""
    if NO_VALUE not in text:
        return text
    parts: list[str] = []
    start = 0
    while (found := text.find(NO_VALUE, start)) >= 0:
        parts.append(cut(text, start, found))
        start = found + len(NO_VALUE)
    made = concat(*parts, cut(text, start, len(text)))
    if isinstance(made, TracedText):
        return made
    builder = TextBuilder()
    builder.add(made)
    return builder.text()
