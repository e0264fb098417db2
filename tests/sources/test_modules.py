"""Plug-ins are found by the names of their files."""

from __future__ import annotations

from pathlib import Path

from kubeqed.cli import commands
from kubeqed.cli.group import main
from kubeqed.sources.modules import list_modules


def test_modules_by_name(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "compiled.pyc", "_own.py", "__init__.py", "table.json", "folder"):
        (tmp_path / name).touch()
    assert list_modules([str(tmp_path)]) == ("a", "b", "compiled")


def test_the_table_of_commands_names_each_module() -> None:
    context = main.make_context("kubeqed", ["check"], resilient_parsing=True)
    assert list_modules(commands.__path__) == tuple(main.list_commands(context))
