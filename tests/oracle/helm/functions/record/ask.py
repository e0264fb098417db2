"""Asks Helm what the calls of calls.json give, and writes ../functions.json: `python ask.py RECORD`, the program of main.go."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def expand(call: str, values: dict[str, Any]) -> list[str]:
    """The calls that one stands for: `X` is each value, `N` each number, `S` each text."""
    kinds = {
        "X": list(values),
        "N": [name for name, value in values.items() if isinstance(value, int | float) or name in ("octal", "none")],
        "S": [name for name, value in values.items() if isinstance(value, str)],
    }
    words = call.split(" ")
    choices = [[f".Values.{name}" for name in kinds[word]] if word in kinds else [word] for word in words]
    return [" ".join(chosen) for chosen in product(*choices)]


def main(record: str) -> None:
    """Writes the answers, a line for each function."""
    asked = json.loads((HERE / "calls.json").read_text(encoding="utf-8"))
    values = asked["values"]
    calls = [(name, one) for name, group in asked["calls"].items() for call in group for one in expand(call, values)]
    lines = "\n".join(json.dumps({"template": f"{{{{ {call} }}}}", "values": values}) for _, call in calls)
    run = subprocess.run([record], input=lines, capture_output=True, text=True, check=True)
    answers: dict[str, list[list[str]]] = {}
    for (name, call), line in zip(calls, run.stdout.splitlines(), strict=True):
        answer = json.loads(line)
        kind = "output" if "output" in answer else "error"
        text = answer[kind].rpartition(f"error calling {name}: ")[2] if kind == "error" else answer[kind]
        answers.setdefault(name, []).append([call, kind, text])
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(rows, ensure_ascii=False)}" for name, rows in answers.items())
    (HERE.parent / "functions.json").write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
