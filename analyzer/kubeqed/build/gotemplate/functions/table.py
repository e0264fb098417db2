"""All functions that Helm gives to templates, but for those that ask for the chart: include, tpl, required, lookup."""

from __future__ import annotations

from kubeqed.build.gotemplate.builtins import BUILTINS
from kubeqed.build.gotemplate.functions import (
    conversions,
    encoding,
    letter_case,
    lists,
    maps,
    numbers,
    paths,
    patterns,
    stand_ins,
    strings,
    versions,
    yaml_text,
    yaml_values,
)
from kubeqed.build.gotemplate.functions.signature import Function, takes
from kubeqed.build.gotemplate.values import TemplateError


def _fail(message: str) -> str:
    """`fail`."""
    raise TemplateError(message)


_GROUPS = (
    conversions,
    encoding,
    letter_case,
    lists,
    maps,
    numbers,
    paths,
    patterns,
    stand_ins,
    strings,
    versions,
    yaml_text,
    yaml_values,
)
FUNCTIONS: dict[str, Function] = {
    **BUILTINS,
    **{name: function for group in _GROUPS for name, function in group.FUNCTIONS.items()},
    "fail": takes("s", _fail),
    "and": BUILTINS["not"],  # by name alone: the execution asks for their arguments one at a time
    "or": BUILTINS["not"],
}
