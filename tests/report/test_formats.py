"""Formats are found by name, imported when asked for, and say the same bytes each time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.report.sample import CLEAN, OPTIONS

from kubeqed.report import format_names, renderer

ROOT = Path(__file__).parents[2]


def python(program: str, **environment: str) -> str:
    path = os.pathsep.join([str(ROOT / "analyzer"), str(ROOT)])
    command = [sys.executable, "-c", program]
    run = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": path, **environment}, capture_output=True, text=True, check=True
    )
    return run.stdout


def test_names() -> None:
    assert format_names() == ("concise", "github", "gitlab", "json", "junit", "markdown", "sarif", "text")


@pytest.mark.parametrize("name", ["none", "__init__", "../report", ""])
def test_unknown_name(name: str) -> None:
    with pytest.raises(KeyError):
        renderer(name)


@pytest.mark.parametrize("name", [name for name in format_names() if name != "sarif"])
def test_heavy_libraries_stay_out(name: str) -> None:
    program = (
        "import sys; from kubeqed.report import renderer; from tests.report.sample import OPTIONS, REPORT\n"
        f"renderer({name!r})(REPORT, OPTIONS)\n"
        "print(sorted({'z3', 'pydantic', 'sarif_om', 'attr', 'click', 'ruamel'} & set(sys.modules)))"
    )
    assert python(program) == "[]\n"


def test_sarif_needs_no_pydantic() -> None:
    program = (
        "import sys; from kubeqed.report import renderer; from tests.report.sample import OPTIONS, REPORT\n"
        "renderer('sarif')(REPORT, OPTIONS)\n"
        "print(sorted({'z3', 'pydantic', 'click'} & set(sys.modules)))"
    )
    assert python(program) == "[]\n"


def test_finding_formats_imports_none() -> None:
    program = "import sys, kubeqed.report as r; r.format_names(); print([m for m in sys.modules if 'formats' in m])"
    assert python(program) == "[]\n"


@pytest.mark.parametrize("name", format_names())
def test_same_bytes_under_another_hash_seed(name: str) -> None:
    program = (
        "import sys; sys.stdout.reconfigure(encoding='utf-8')\n"
        "from kubeqed.report import renderer; from tests.report.sample import OPTIONS, REPORT\n"
        f"print(renderer({name!r})(REPORT, OPTIONS))"
    )
    assert python(program, PYTHONHASHSEED="1") == python(program, PYTHONHASHSEED="2")


@pytest.mark.parametrize("name", ["concise", "github", "text"])
def test_nothing_to_say(name: str) -> None:
    assert renderer(name)(CLEAN, OPTIONS) == ""
