"""Parameters of an ApplicationSet, and texts with them put in, in both of its dialects (utils.Render)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from kubeqed.build.gitops.argo.open_values import OpenParameters, Rendered
from kubeqed.build.gotemplate.printing import spell_value
from kubeqed.build.node import Entries, OriginNode
from kubeqed.build.refusal import UnbuiltError
from kubeqed.parse import Fresh, Through, Unknown

_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_STRICT = "missingkey=error"


class TemplateDialect(NamedTuple):
    """How the texts of an ApplicationSet are read: `goTemplate`, and whether a missing key is an error."""

    go: bool
    strict: bool

    @classmethod
    def of(cls, application_set: OriginNode) -> TemplateDialect:
        """What an ApplicationSet says of it."""
        options = [one.text for one in application_set.items_at("spec", "goTemplateOptions")]
        return cls(application_set.text_at("spec", "goTemplate") == "true", _STRICT in options)

    def render(self, text: str, values: dict[str, Any]) -> Rendered:
        """A text with values put in; an UnbuiltError where that is refused or not done."""
        if "{{" not in text:
            return Rendered(text, is_unknown=False)
        if self.go:
            from kubeqed.build.gitops.argo.go_template import render_go_template  # costs time, and few sets ask for it

            return render_go_template(text, values, strict=self.strict)
        made = _TAG.sub(lambda tag: _replace_tag(tag, values), text)
        return Rendered(made, "{{" in made)


def _replace_tag(tag: re.Match[str], values: Mapping[str, Any]) -> str:
    """What stands for `{{name}}`: only texts do, all else stays as it is written."""
    value = values.get(tag[1].strip())
    if isinstance(value, Unknown):
        return value.text
    return value if isinstance(value, str) else tag[0]


class Parameters(NamedTuple):
    """One set of parameters: values by name, and the places of the elements that gave them.

    Values of a set whose names are not all known are `OpenParameters`. It stands for several; `chosen` says how those are
    selected, so that sets of other ones are told apart, and `is_guess` that there may be none.
    """

    values: dict[str, Any]
    through: tuple[Through, ...] = ()
    chosen: tuple[str, ...] = ()
    is_guess: bool = False

    def renders(self, node: OriginNode, dialect: TemplateDialect) -> OriginNode:
        """A tree with the values put into its texts; a text that is changed remembers the elements."""
        return _render_text(node, self, dialect)


def _render_text(node: OriginNode, parameters: Parameters, dialect: TemplateDialect) -> OriginNode:
    value = node.value
    made: OriginNode
    if isinstance(value, dict):
        entries: Entries = {}
        for written, item in value.items():
            key = dialect.render(written, parameters.values).text
            entries[key] = _render_text(item, parameters, dialect)
            entries[key].key_source, entries[key].key_mark = item.key_source, item.key_mark
        made = node.like(entries)
        made.is_open = node.is_open
        return made
    if isinstance(value, list):
        return node.like([_render_text(item, parameters, dialect) for item in value])
    if not isinstance(value, str | Unknown) or "{{" not in node.text:
        return node.like(node.value)
    text, is_unknown = dialect.render(node.text, parameters.values)
    if text == node.text:
        return node.like(node.value)
    return node.like(Unknown(Fresh(text), text) if is_unknown else text).copied_from(*parameters.through)


def values_of(node: OriginNode) -> Any:
    """A tree as the values that templates are given: every number is a float64."""
    value = node.value
    if isinstance(value, dict):
        return {key: values_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return [values_of(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def flatten(value: Any, name: str = "") -> dict[str, str]:
    """The texts of nested values by their names joined with dots (github.com/jeremywohl/flatten)."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if pairs is None:
        return {name: spell_parameter(value)}
    flat: dict[str, str] = {}
    for key, item in pairs:
        flat |= flatten(item, f"{name}.{key}" if name else str(key))
    return flat


def spell_parameter(value: Any) -> str:
    """A parameter as a text."""
    return value.text if isinstance(value, Unknown) else spell_value(value)


def add_values(parameters: dict[str, Any], given: Mapping[str, OriginNode], dialect: TemplateDialect) -> None:
    """Adds the `values` of a generator, texts that may use its other parameters (appendTemplatedValues)."""
    made = {key: dialect.render(node.text, parameters) for key, node in given.items()}
    texts = {key: Unknown(Fresh(one.text), one.text) if one.is_unknown else one.text for key, one in made.items()}
    if dialect.go and texts:
        parameters["values"] = texts
    elif not dialect.go:
        parameters.update({f"values.{key}": text for key, text in texts.items()})


def combine(first: Parameters, second: Parameters, dialect: TemplateDialect) -> Parameters:
    """Both sets in one, as a matrix has them; an UnbuiltError where they contradict one another."""
    merged = join_origins(first, second)
    if dialect.go:
        return merged._replace(values=merge_values(second.values, first.values))
    values = _same_kind({key: spell_text(one) for key, one in first.values.items()}, first.values, second.values)
    for key, one in second.values.items():
        text = spell_text(one)
        if key in values and spell_parameter(values[key]) != spell_parameter(text):
            raise UnbuiltError(f"found duplicate key {key} with different value")
        values[key] = text
    return merged._replace(values=values)


def join_origins(first: Parameters, second: Parameters) -> Parameters:
    """No values yet, and all that is known of where two sets came from."""
    is_guess = first.is_guess or second.is_guess
    return Parameters({}, (*first.through, *second.through), (*first.chosen, *second.chosen), is_guess)


def spell_text(value: Any) -> Any:
    """A value as a text, if it is known."""
    return value if isinstance(value, Unknown) else spell_value(value)


def merge_values(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Two mappings in one (mergo with override): null in the second replaces nothing."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            merged[key] = merge_values(old, value)
        elif value is not None or key not in merged:
            merged[key] = value
    return _same_kind(merged, base, over)


def _same_kind(values: dict[str, Any], *others: Mapping[str, Any]) -> dict[str, Any]:
    return OpenParameters(values) if any(isinstance(one, OpenParameters) for one in others) else values
