"""Small builds give what the tool gave, object by object and value by value, and what it refused is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import build_directory, objects, objects_of

CASES = sorted(path.parent for path in Path("tests/oracle/kustomize").glob("*/root"))
BUILT = [case for case in CASES if (case / "expected.yaml").exists()]
REFUSED = [case for case in CASES if (case / "refused.txt").exists()]

# Where the words are those of a library or name directories of the machine, this much is said in kubeqed's.
OWN_WORDS = {
    "050-refused-cycle": "cycle detected",
    "060-refused-number-as-key": "json: unsupported type: map[interface {}]interface {}",
    "070-refused-infinity": "JSON has no infinity",
    "076-refused-behavior-merge-of-absent": "does not exist; cannot merge or replace",
    "084-refused-helm-chart-without-repository": "no repo specified for pull, no chart found at 'web'",
}


def test_every_case_has_one_answer() -> None:
    assert len(BUILT) + len(REFUSED) == len(CASES) == 48


@pytest.mark.parametrize("case", BUILT, ids=lambda case: case.name)
def test_builds_what_the_tool_builds(case: Path) -> None:
    built = build_directory(case / "root")
    assert (built.refusals, built.unbuilt) == ((), ())
    assert objects(built.documents) == objects_of((case / "expected.yaml").read_bytes())


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_refuses_what_the_tool_refuses(case: Path) -> None:
    (refusal,) = build_directory(case / "root").refusals
    if case.name in OWN_WORDS:
        assert OWN_WORDS[case.name] in refusal.reason
    else:
        assert refusal.reason in (case / "refused.txt").read_text()
