"""No value that may be unknown is compared, a condition, an element of a set or a key."""

from __future__ import annotations

from pathlib import Path

from tests.house.unknowns import ROOT, find_forgotten

ROOMS = ("model", "apiserver", "resolve", "reach", "prove", "rule")  # where fields are read
FORGETFUL = """
from kubeqed.apiserver.node import Node
from kubeqed.model.values.known import equals, is_known, is_set


def asks(node: Node) -> bool:
    return (is_known(node.text) and node.text != "a") or equals(node.number, 1) or is_set(node.flag)


def forgets(node: Node) -> object:
    if node.text == "a":
        return {node.text}
    if node.text in ("b",):
        return 1 if node.length else (node.number, 1) != (2, 1)
    while not node.flag:
        node = node["below"]
    return {item.text: {item.number for item in item.items()} for item in node.items()}
"""


def test_what_is_forgotten_is_found(tmp_path: Path) -> None:
    module = tmp_path / "forgetful.py"
    module.write_text(FORGETFUL)
    found = [(FORGETFUL.splitlines()[one.line - 1].split()[0], one.how) for one in find_forgotten([module])]
    assert found == [
        ("if", "=="),
        ("return", "element of a set"),
        ("if", "in"),
        ("return", "!="),
        ("return", "condition"),
        ("while", "condition"),
        ("return", "element of a set"),
        ("return", "key"),
    ]


def test_nothing_is_forgotten() -> None:
    places = [ROOT / "rules", *(ROOT / "analyzer" / "kubeqed" / room for room in ROOMS)]
    assert [*find_forgotten([path for place in places for path in sorted(place.rglob("*.py"))])] == []
