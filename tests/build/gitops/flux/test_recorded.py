"""Small repositories give what the packages of Flux gave, and what they refused is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import objects, objects_of

from kubeqed.build.built import Built
from kubeqed.build.files import TreeFiles
from kubeqed.build.gitops.flux.statement import read_flux
from kubeqed.build.node import OriginNode, thaw
from kubeqed.parse import parse
from kubeqed.sources import SourceFile, tree_around

CASES = sorted(path.parent for path in Path("tests/oracle/flux").glob("*/flux.yaml"))
BUILT = [case for case in CASES if (case / "expected.yaml").exists()]
REFUSED = [case for case in CASES if (case / "refused.txt").exists()]

# Where the words are those of a library or name directories of the machine, this much is said in kubeqed's.
OWN_WORDS = {
    "003-file-that-is-no-object": "failed to decode Kubernetes YAML from values.yaml: missing Resource metadata",
    "009-missing-component": "not a valid directory",
    "015-two-kustomizations": "Found multiple kustomization files under it: kustomization.yaml, kustomization.yml",
    "026-refused-yaml": "mapping values are not allowed in this context",
}


def build_case(case: Path) -> Built:
    """What a case gives; the cluster holds what stands in its `cluster.yaml`."""
    root = case.resolve()
    cluster = case / "cluster.yaml"
    held = (
        [thaw(one) for one in parse(SourceFile("cluster.yaml", cluster.read_bytes())).documents]
        if cluster.exists()
        else []
    )

    def lookup(*wanted: str) -> OriginNode | None:
        named = (("kind",), ("metadata", "namespace"), ("metadata", "name"))
        return next((one for one in held if tuple(one.text_at(*path) for path in named) == wanted), None)

    with tree_around(str(root), str(root)) as tree:
        files = TreeFiles(tree, str)
        (placed,) = files.documents(str(root / "flux.yaml"))
        statement = read_flux(thaw(placed))
        assert statement is not None
        return statement.paths[0].build(files, str(root / statement.paths[0].path.removeprefix("./")), lookup)


def test_every_case_has_one_answer() -> None:
    assert len(BUILT) + len(REFUSED) == len(CASES) == 30


@pytest.mark.parametrize("case", BUILT, ids=lambda case: case.name)
def test_builds_what_flux_builds(case: Path) -> None:
    built = build_case(case)
    assert (built.refusals, built.unbuilt) == ((), ())
    assert objects(built.documents) == objects_of((case / "expected.yaml").read_bytes())


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_refuses_what_flux_refuses(case: Path) -> None:
    (refusal,) = build_case(case).refusals
    if case.name in OWN_WORDS:
        assert OWN_WORDS[case.name] in refusal.reason
    else:
        assert refusal.reason in (case / "refused.txt").read_text()
