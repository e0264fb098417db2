"""`kubeqed build` prints what `kustomize` prints: random bases, overlays and components, built by both.

`make surfaces EXAMPLES=5000 SEED=7` tries more, and others.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from benchmarks.builds import Build, Builder, in_process
from benchmarks.kustomize_builds import compare, tool_builder
from hypothesis import HealthCheck, given, note, seed, settings
from tests.build.generated_layers import Files, trees
from tests.surfaces.conftest import PLACES

EXAMPLES, SEED = (int(os.environ.get(name) or standard) for name, standard in (("EXAMPLES", 200), ("SEED", 0)))
PANIC = 2
PLACEHOLDER = (
    "cannot decode !!str `${X}` as a "  # where a number must stand, and where what fills it in may put one before
)


@pytest.fixture(scope="module")
def tool() -> Builder:
    found = shutil.which("kustomize", path=os.pathsep.join(PLACES))
    if found is None:
        pytest.fail("surfaces: kustomize is missing", pytrace=False)
    return tool_builder(found)


@pytest.fixture(scope="module")
def ours() -> Builder:
    return in_process()


@seed(SEED)
@settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=[*HealthCheck])
@given(trees())
def test_a_build_is_the_tools(tool: Builder, ours: Builder, files: Files) -> None:
    verdict, detail = _compared(tool, ours, files)
    for path, text in sorted(files.items()):
        note(f"--- {path}\n{text}")
    assert verdict in ("equal", "both refuse", "the tool panics", "the tool reads a placeholder"), detail


def test_a_difference_is_noticed(tool: Builder) -> None:
    def other(root: Path) -> Build:
        built = tool(root)
        return built._replace(output=built.output.replace("port: 80", 'port: "80"'))

    service = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}}'
    files = {"root/kustomization.yaml": "resources: [all.yaml]\n", "root/all.yaml": service}
    assert _compared(tool, tool, files) == ("equal", "")
    assert _compared(tool, other, files)[0] == "different"


def _compared(tool: Builder, ours: Builder, files: Files) -> tuple[str, str]:
    with TemporaryDirectory() as folder:
        Path(folder, ".git").mkdir()  # a build reads the files of its repository
        for path, text in files.items():
            at = Path(folder, path)
            at.parent.mkdir(exist_ok=True)
            at.write_text(text, encoding="utf-8")
        theirs = tool(Path(folder, "root"))
        if theirs.status == PANIC:
            return "the tool panics", ""
        if PLACEHOLDER in theirs.complaint:
            return "the tool reads a placeholder", ""
        return compare(ours(Path(folder, "root")), theirs)
