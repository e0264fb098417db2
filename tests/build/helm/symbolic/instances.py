"""Charts at any values as they are at some: what symbolic evaluation says of the values that a chart was rendered at."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.build.helm.charts import CHART, NOWHERE

from kubeqed.build.files import TreeFiles
from kubeqed.build.gotemplate.printing import spell_value
from kubeqed.build.helm.build import ChartBuild, ChartRequest
from kubeqed.build.helm.loading import ReadChart
from kubeqed.build.helm.rendering import Rendering
from kubeqed.build.helm.symbolic.ropes import Alternative, Hole, Rope
from kubeqed.build.helm.symbolic.terms import UNTOLD, TermTable
from kubeqed.build.helm.value_set import ValueSet, ValueSetOrigin
from kubeqed.build.helm.values import read_values
from kubeqed.sources import tree_around


class RenderedChart(NamedTuple):
    """A chart that was rendered, and what each of its templates printed."""

    rendering: Rendering
    printed: dict[str, str]


class UntoldError(Exception):
    """What a loop prints for its items is not known at values either."""


def render_chart(root: Path, files: Mapping[str, str], values: str = "") -> RenderedChart:
    """A chart of files at values that stand in for those of values.yaml, of which they have the types."""
    for name, text in {"Chart.yaml": CHART, **files, **({"values.yaml": values} if values else {})}.items():
        path = root / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    request = ChartRequest(str(root / "shop"), ValueSet("", ValueSetOrigin.DEFAULT, release="rel", namespace="ns"))
    with tree_around(str(root)) as tree:
        build = ChartBuild(request, ReadChart(request.directory, TreeFiles(tree, str)))
        build.build(NOWHERE)
    assert build.rendering is not None
    return RenderedChart(build.rendering, {one.name: str(one.text) for one in build.printed})


def text_of(rope: Rope, table: TermTable) -> str:
    """What a rope is at the values that the chart was rendered at."""
    return "".join(_parts_of(rope, table))


def _parts_of(rope: Rope, table: TermTable) -> Iterator[str]:
    for one in rope.pieces:
        if isinstance(one, str):
            yield str(one)
        elif isinstance(one, Hole):
            yield spell_shadow(one.term.shadow)
        else:
            holds = table.shadow_of_condition(one.condition)
            if holds is None or (holds and not isinstance(one, Alternative)):
                raise UntoldError
            yield text_of(one[-2] if holds else one[-1], table)


def spell_shadow(shadow: Any) -> str:
    """A value as it is printed."""
    if shadow is UNTOLD:
        raise UntoldError
    return "" if shadow is None else spell_value(shadow)


def random_leaves(text: str, number: int) -> str:
    """Values in which true and false are switched, and numbers and texts are others of their type; lists stay as they are."""
    chance = random.Random(number)
    values = read_values(text, "values.yaml", "values")
    return _write(_change(values, chance))


def _change(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: _change(one, chance) for key, one in value.items()}
    if isinstance(value, bool):
        return chance.random() < 0.5
    if isinstance(value, float):
        return chance.choice((80.0, 8080.0, 443.0, value))
    return chance.choice(("", value, "other", "a-b")) if isinstance(value, str) else value


def _write(value: Any, indent: str = "") -> str:
    if isinstance(value, dict) and value:
        return "".join(
            f"{indent}{key}:{chr(10) + _write(one, indent + '  ') if isinstance(one, dict) and one else ' ' + _spell(one)}\n"
            for key, one in value.items()
        )
    return f"{indent}{_spell(value)}"


def _spell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value))
    return f'"{value}"' if isinstance(value, str) else "{}" if isinstance(value, dict) else str(value)
