"""Small charts give what `helm template` gave, object by object and value by value, and what it refused is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import objects, objects_of
from tests.build.helm.charts import render

from kubeqed.parse import Mapping, Mark, Sequence, Value

CASES = sorted(path.parent for path in Path("tests/oracle/helm/charts").glob("*/chart"))
BUILT = [case for case in CASES if (case / "expected.yaml").exists()]
REFUSED = [case for case in CASES if (case / "refused.txt").exists()]

# What a chart itself refuses asks for another value, and is not built; where Helm leaves out the half, kubeqed says it.
ASKED = {"106-fail-in-branch-refused": 'mode "bad" is not known'}
OWN_WORDS = {
    "102-minus-with-blank-refused": 'parse error at (c/templates/a.yaml:18): illegal number syntax: "-"',
    "136-yaml-error-refused": "YAML parse error on c/templates/a.yaml: error converting YAML to JSON: yaml:",
}


def stated(case: Path) -> list[Path]:
    return [path for path in [case / "values.yaml"] if path.exists()]


def test_every_case_has_one_answer() -> None:
    assert len(BUILT) + len(REFUSED) == len(CASES) == 19


@pytest.mark.parametrize("case", BUILT, ids=lambda case: case.name)
def test_renders_what_helm_renders(case: Path) -> None:
    built = render(case / "chart", stated(case))
    assert (built.refusals, built.unbuilt) == ((), ())
    assert objects(built.documents) == objects_of((case / "expected.yaml").read_bytes())


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_refuses_what_helm_refuses(case: Path) -> None:
    built = render(case / "chart", stated(case))
    if case.name in ASKED:
        assert [one.reason for one in built.unbuilt] == [f"a template that asks for a value: {ASKED[case.name]}"]
        return
    (refusal,) = built.refusals
    assert refusal.tool == "helm"
    if case.name in OWN_WORDS:
        assert refusal.reason.startswith(OWN_WORDS[case.name])
    else:
        assert refusal.reason in (case / "refused.txt").read_text()


def scalars(value: Value, mark: Mark) -> list[tuple[Value, Mark]]:
    if isinstance(value, Mapping):
        pairs = zip(value.values(), value.marks[1::2], strict=True)
        return [one for item, at in pairs for one in scalars(item, at)]
    if isinstance(value, Sequence):
        return [one for item, at in zip(value, value.marks, strict=True) for one in scalars(item, at)]
    return [] if value is None or isinstance(value, bool) else [(value, mark)]


@pytest.mark.parametrize("case", BUILT, ids=lambda case: case.name)
def test_the_line_of_a_scalar_holds_it_or_the_action_that_prints_it(case: Path) -> None:
    for placed in render(case / "chart", stated(case)).documents:
        for value, mark in scalars(placed.document.root, placed.document.top):
            place = placed.placed(mark)
            line = Path(place.file).read_text().split("\n")[place.span.line - 1]
            first = str(value).strip().partition("\n")[0]
            assert "{{" in line or str(first).lower() in line.lower() or "|" in line or "\\" in line, (
                place,
                value,
                line,
            )
