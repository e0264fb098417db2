"""What is said in two places is the same in both."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import kubeqed

ROOT = Path(__file__).parents[2]


def test_the_version_is_that_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert kubeqed.__version__ == project["version"]
    assert f"## [{kubeqed.__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_importing_kubeqed_costs_no_other_import() -> None:
    program = "import sys; before = set(sys.modules); import kubeqed; print(sorted(set(sys.modules) - before))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert run.stdout.strip() == "['kubeqed']"


def test_constraints_name_versions_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(line.count("==") == 1 and not set(line) & set(" @/:;#") for line in lines), lines
    assert lines == sorted(lines, key=str.lower)
