"""Whatever stands in a manifest: reading it raises nothing, and every path has a place."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mutants import mutants
from tests.worlds import manifest, whole

from kubeqed.model.kinds.object import Object

_keys = st.sampled_from(["spec", "metadata", "ports", "labels", "app", "template", "rules", "a.b/c", "", "é", '"'])
_steps = st.one_of(
    _keys.map(lambda key: f".{key}"), st.integers(0, 3).map(lambda index: f"[{index}]"), _keys.map('["{}"]'.format)
)
paths = st.lists(_steps, max_size=5).map("".join) | st.text(max_size=12)


@settings(max_examples=80)
@given(mutants(), paths)
def test_every_path_has_a_place(text: str, path: str) -> None:
    lines = text.split("\n")
    for item in manifest(text).objects:
        for place in (item.at(path), item.key_at(path), item.at("spec.ports[0].port")):
            span = place.span
            assert 1 <= span.line <= len(lines)
            assert 1 <= span.column <= span.end_column <= len(lines[span.line - 1]) + 1
        _read(item)


def _read(item: Object) -> None:
    assert str(item)
    assert list(item.references()) is not None
    assert item.holds("spec") in (True, False)


@settings(max_examples=40)
@given(st.lists(mutants(), min_size=1, max_size=3), st.booleans())
def test_any_files_can_be_divided(texts: list[str], closed: bool) -> None:
    files = {f"{'ab'[index % 2]}/{index}.yaml": text for index, text in enumerate(texts)}
    found = whole(files, closed=closed)
    assert {path for unit in found.units for path in unit.files} == set(files)
    assert {item for unit in found.units for item in unit.objects} == set(found.objects)
    for unit in found.units:
        assert unit.holds_all is (closed and not unit.producers)
        assert len(found.neighbourhood(unit)) >= len(unit.workloads)
