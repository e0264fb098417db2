"""The measures of CONTRIBUTING.md, which keep the house readable: names, sizes of functions, modules and folders."""

from __future__ import annotations

import ast
import io
import re
import statistics
import tokenize
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATE_FUNCTIONS = ROOT / "analyzer" / "kubeqed" / "build" / "gotemplate" / "functions"
MOST_MODULES = 16
# Folders of one module for each kind, format, question, command or rule.
ONE_EACH = {"model/kinds", "apiserver/kinds", "report/check/formats", "cli/commands", "prove/questions"}


@cache
def modules() -> dict[Path, ast.Module]:
    files = [path for room in ("analyzer", "rules") for path in sorted((ROOT / room).rglob("*.py"))]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}


def test_no_class_name_is_given_twice() -> None:
    named = defaultdict(list)
    for path, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                named[node.name].append(str(path.relative_to(ROOT)))
    assert {name: places for name, places in named.items() if len(places) > 1} == {}


def test_names_of_private_functions_are_verb_and_object() -> None:
    """A property may be a noun, and what does the work of a function of templates has its name."""
    one_word = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
        for path, module in modules().items()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef)
        and re.fullmatch("_[a-z0-9]+", node.name)
        and not any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
        and path.parent != TEMPLATE_FUNCTIONS
    ]
    assert one_word == []


def test_functions_are_short() -> None:
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for module in modules().values()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef)
    )
    assert statistics.quantiles(lengths, n=10)[-1] <= 16
    assert lengths[-1] <= 45


def test_modules_are_short() -> None:
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in modules()]
    assert 60 <= statistics.median(lengths) <= 120
    assert max(lengths) <= 300


def test_folders_are_small() -> None:
    package = ROOT / "analyzer" / "kubeqed"
    held = Counter(
        str(path.parent.relative_to(package))
        for path in modules()
        if path.is_relative_to(package) and path.name != "__init__.py"
    )
    assert {folder for folder, count in held.items() if count > MOST_MODULES} <= ONE_EACH


def test_a_good_part_of_the_text_is_written_for_the_next_person() -> None:
    told, lines = 0, 0
    for path, module in modules().items():
        text = path.read_text(encoding="utf-8")
        lines += len(text.splitlines())
        told += len(_comment_lines(text)) + sum(map(_docstring_lines, ast.walk(module)))
    assert told / lines >= 0.12


def _comment_lines(text: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.start[0] for token in tokens if token.type == tokenize.COMMENT}


def _docstring_lines(node: ast.AST) -> int:
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) or ast.get_docstring(node) is None:
        return 0
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1
