"""What problem matchers are fed, and what they have to find in it; the regular expressions run here and under node."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
GROUPS = {"file": 1, "line": 2, "column": 3, "severity": 4, "message": 5, "code": 6}

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {type: NodePort, ports: [{port: 80, nodePort: 9999}]}\n"
FILES = (
    "plain.yaml",
    "with space/web site.yaml",
    "12:5: error: x [y]/odd.yaml",
    "C:drive.yaml",
    "前端/é.yaml",
    "[brackets] (1).yaml",
)


class Match(NamedTuple):
    """What a matcher makes of a line."""

    file: str
    line: int
    column: int
    severity: str
    message: str
    code: str | None


LINES = {
    r"C:\work\a.yaml:3:14: warning: Service a has no pod [service-selects-nothing]": Match(
        r"C:\work\a.yaml", 3, 14, "warning", "Service a has no pod", "service-selects-nothing"
    ),
    "a.yaml:3:14: error: [x] at b.yaml:1:2: error: y [z] [node-port-clash]": Match(
        "a.yaml", 3, 14, "error", "[x] at b.yaml:1:2: error: y [z]", "node-port-clash"
    ),
    "kubeqed.yaml:2:12: error: unknown rule nonsense": Match(
        "kubeqed.yaml", 2, 12, "error", "unknown rule nonsense", None
    ),
    "   5 | image: a.yaml:1:2: error: x [y]": None,
    " --> a.yaml:1:2: notice: x [y]": None,
    "kubeqed: 3 errors in 2 files": None,
    "": None,
}


def matchers() -> dict[str, dict[str, Any]]:
    """The two patterns that people copy."""
    (matcher,) = json.loads((ROOT / ".github/kubeqed-matcher.json").read_text())["problemMatcher"]
    (pattern,) = matcher["pattern"]
    block = re.search(r"```json\n(.*?)```", (ROOT / "docs/editors.md").read_text(), re.DOTALL)
    assert block
    (task,) = json.loads(block[1])["tasks"]
    return {"github": pattern, "vscode": task["problemMatcher"]["pattern"]}


def write_tree(folder: Path) -> None:
    """One finding in each file, at the node port."""
    for file in FILES:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(SERVICE, encoding="utf-8")
    (folder / "kubeqed.yaml").write_text("rules: {select: [node-port-out-of-range]}\n")


def expected(report: str) -> Iterator[Match]:
    """The findings of a JSON report."""
    for item in json.loads(report)["findings"]:
        level = "notice" if item["severity"] == "note" else item["severity"]
        yield Match(item["file"], item["line"], item["column"], level, item["message"], item["rule"])


def text_at(folder: Path, match: Match) -> str:
    """What stands where a matcher points, up to the end of the line."""
    lines = (folder / match.file).read_text(encoding="utf-8").split("\n")
    return lines[match.line - 1][match.column - 1 :]
