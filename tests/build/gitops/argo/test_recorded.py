"""Own-written cases with what Argo CD v3.5.1 makes of them.

`stated.yaml` is an Application or an ApplicationSet, `answer.json` what its repository server (with kustomize v5.8.2) or its
ApplicationSet controller gave for the files in `repository`. Its answers were taken once, by calling its packages.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.build.built import plain
from tests.build.gitops.argo.applied import build, statement_of, tree_of

from kubeqed.build.files import TreeFiles
from kubeqed.build.gitops.argo.application_set import read_application_set
from kubeqed.build.node import OriginNode
from kubeqed.sources import tree_around

CASES = Path(__file__).parents[3] / "oracle" / "argo"
APPLICATIONS = sorted(
    path.parent for path in CASES.glob("[dkst]*/answer.json") if not path.parent.name.startswith("set_")
)
SETS = sorted(path.parent for path in CASES.glob("set_*/answer.json"))


def answer_of(case: Path) -> Any:
    return json.loads((case / "answer.json").read_text(encoding="utf-8"))


def test_there_are_cases() -> None:
    assert (len(APPLICATIONS), len(SETS)) == (34, 20)


@pytest.mark.parametrize("case", APPLICATIONS, ids=lambda case: case.name)
def test_an_application_applies_what_argo_cd_renders(case: Path) -> None:
    answer = answer_of(case)
    (built,) = build(case / "repository", statement_of(tree_of((case / "stated.yaml").read_text(encoding="utf-8"))))
    assert built.unbuilt == ()
    if "error" in answer:
        (refusal,) = built.refusals
        assert refusal.reason in answer["error"].replace("error unmarshaling JSON: while decoding JSON: ", "").replace(
            "failed to unmarshal manifest: ", ""
        )
        return
    assert built.refusals == ()
    assert [plain(one.document.root) for one in built.documents] == (answer["objects"] or [])


@pytest.mark.parametrize("case", SETS, ids=lambda case: case.name)
def test_a_set_makes_what_argo_cd_makes(case: Path) -> None:
    answer = answer_of(case)
    root = CASES / "repository"
    with tree_around(str(root), str(root)) as tree:
        stated = tree_of((case / "stated.yaml").read_text(encoding="utf-8"))
        applications, unbuilt = read_application_set(stated, TreeFiles(tree, str), str(root.resolve()))
    assert (unbuilt != []) == ("error" in answer)
    expected = sorted(map(told, answer["applications"] or []), key=str)
    assert sorted((told(values_of(one)) for one in applications), key=str) == expected


def values_of(application: OriginNode) -> Any:
    return plain(application.source.document.root)


def told(application: Any) -> Any:
    """What is compared: all that the template states, without what is empty."""
    metadata = {key: application["metadata"].get(key) for key in ("name", "namespace", "labels", "annotations")}
    return without_empty({"metadata": metadata, "spec": application["spec"]})


def without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", {})}
    return value
