"""Rules see the objects of a unit, what the user stated, and answers: the import contract holds that of modules, this of attributes."""

import ast
from collections.abc import Iterator
from pathlib import Path

RULES = Path(__file__).parents[2] / "rules"
WORLD = {"ask", "cluster", "find", "limit_together", "of", "unit"}
ROOMS = {"graph", "index", "input", "resolver"}  # of other rooms: what holds more than the unit


def strays(text: str) -> Iterator[str]:
    """Attributes of a `world` that are not for rules, and of anything else those by which one reaches another room."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            of_world = isinstance(node.value, ast.Name) and node.value.id == "world"
            private = node.attr.startswith("_") and not node.attr.startswith("__")
            if (of_world and node.attr not in WORLD) or node.attr in ROOMS or private:
                yield ast.unparse(node)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "vars"):
            yield ast.unparse(node)


def test_the_reader_of_attributes_reads_them() -> None:
    text = (
        "world.graph.input\nworld.of(K).name\nworld._resolver\nworld.unit.index\ngetattr(world, 'graph')\nworld.find(f)"
    )
    assert sorted(strays(text)) == [
        "getattr(world, 'graph')",
        "world._resolver",
        "world.graph",
        "world.graph.input",
        "world.unit.index",
    ]


def test_every_check_calls_its_parameter_world() -> None:
    for file in sorted(RULES.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.arg) and node.annotation is not None and ast.unparse(node.annotation) == "World":
                assert node.arg == "world", file


def test_rules_see_nothing_else() -> None:
    assert [f"{file.name}: {one}" for file in sorted(RULES.rglob("*.py")) for one in strays(file.read_text())] == []
