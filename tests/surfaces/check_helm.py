"""`kubeqed build` renders what `helm template` renders: random charts with a chart in them, rendered by both.

`make surfaces EXAMPLES=5000 SEED=7` tries more, and others.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from benchmarks.builds import Build, Builder, in_process
from benchmarks.chart_builds import KUBERNETES, helm_builder
from benchmarks.kustomize_builds import compare
from hypothesis import HealthCheck, given, note, seed, settings
from tests.build.helm.generated import CHART, Files, charts
from tests.surfaces.conftest import PLACES

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  "
EXAMPLES, SEED = (int(os.environ.get(name) or standard) for name, standard in (("EXAMPLES", 200), ("SEED", 0)))


@pytest.fixture(scope="module")
def tool_path() -> str:
    found = shutil.which("helm", path=os.pathsep.join(PLACES))
    if found is None:
        pytest.fail("surfaces: helm is missing", pytrace=False)
    return found


@pytest.fixture(scope="module")
def tool(tool_path: str) -> Builder:
    return helm_builder(tool_path)


@pytest.fixture(scope="module")
def ours() -> Builder:
    return in_process(*KUBERNETES)


@seed(SEED)
@settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=[*HealthCheck])
@given(charts())
def test_a_chart_is_rendered_as_helm_renders_it(tool: Builder, ours: Builder, files: Files) -> None:
    verdict, detail = _compared(tool, ours, files)
    for path, text in sorted(files.items()):
        note(f"--- {path}\n{text}")
    assert verdict in ("equal", "both refuse"), f"{verdict}: {detail}"


def test_the_version_and_the_apis_of_the_cluster_are_those_of_helm(tool_path: str) -> None:
    text = "{{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Minor }} {{ len .Capabilities.APIVersions }}"
    data = f'a: "{text}"\n  b: "{{{{ .Capabilities.APIVersions.Has "c.example/v1" }}}}"\n'
    files = {"Chart.yaml": f'{CHART}kubeVersion: ">=1.27"\n', "templates/a.yaml": MAP + data}
    for version in ("1.30", "v1.30.2", "1.33.4-gke.12", "v1.29.1+k3s1", "1.20"):
        stated = ("--kube-version", version, "-a", "c.example/v1,d.example/v1")
        verdict, detail = _compared(helm_builder(tool_path, *stated), in_process(*stated), files)
        assert verdict == ("both refuse" if version == "1.20" else "equal"), detail


def test_a_difference_is_noticed(tool: Builder) -> None:
    def other(root: Path) -> Build:
        built = tool(root)
        return built._replace(output=built.output.replace("port: 80", 'port: "80"'))

    service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports:\n    - port: 80\n"
    files = {"Chart.yaml": CHART, "templates/all.yaml": service}
    assert _compared(tool, tool, files) == ("equal", "")
    assert _compared(tool, other, files)[0] == "different"


def _compared(tool: Builder, ours: Builder, files: Files) -> tuple[str, str]:
    with TemporaryDirectory() as folder:
        Path(folder, ".git").mkdir()  # a build reads the files of its repository
        for path, text in files.items():
            at = Path(folder, "root", path)
            at.parent.mkdir(exist_ok=True, parents=True)
            at.write_text(text, encoding="utf-8")
        return compare(ours(Path(folder, "root")), tool(Path(folder, "root")))
