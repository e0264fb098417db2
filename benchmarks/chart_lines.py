"""Whether the line that kubeqed names for each scalar of a rendered chart holds what produced it.

    python -m benchmarks.chart_lines [--each N] TREE...

Only the text of `kubeqed build --origins` and the text of the chart's files are looked at. The first place of a comment is
right if its line holds the value, or an action that prints something; where the line has a key of its own that prints no
block, it must be the scalar's. Where that action is one value with functions that pass a text on
(`{{ .Values.a.b | quote }}`), a line of values must be named, too, and hold the value or its key. Files of `crds/` and of
archives are not counted.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from benchmarks.builds import in_process
from benchmarks.chart_builds import spread
from benchmarks.chart_dependencies import charts_of
from benchmarks.kustomize_objects import resolve

_COMMENT = re.compile(r"\s# ((?:(?!\s# ).)*)$")
_PLACE = re.compile(r"((?:[a-z ]+ )?)(/.+?):(\d+)(?:, |$)")
_ACTION = re.compile(r"\{\{-?\s*(.*?)\s*(?:-?\}\}|$)")
_SILENT = re.compile(r"(if|else|end|range|with|define|break|continue|/\*|\$\w+\s*:?=)(?!\w)")
_BLOCK = re.compile(r"include|toYaml|template|tpl|indent|range")
_KEY = re.compile(r"\s*(?:- )*[\"']?([\w./-]+)[\"']?:(?:\s|$)")
_PASSED_ON = "quote|squote|toString|trim|b64enc|lower|upper|trunc \\d+|trimSuffix \\S+|default [^|(]+|int|int64|toYaml|required \\S+"
_VALUE = re.compile(
    rf"(?:\$\w*)?\.Values\.([\w.]+)(?:\s*\|\s*(?:{_PASSED_ON}))*|(?:quote|toString) (?:\$\w*)?\.Values\.([\w.]+)"
)
_WIDTH = 20  # of a text that may go on in the next line


class Scalar(NamedTuple):
    """A scalar of the output: its key, its value, and the places that its line names, each with the words before it."""

    key: str
    value: str
    places: list[tuple[str, str, int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", type=Path, nargs="+", metavar="TREE")
    parser.add_argument("--each", type=int, metavar="N", help="at most N charts of a tree")
    parser.add_argument("--verbose", action="store_true", help="print each scalar whose line is wrong")
    arguments = parser.parse_args()
    verdicts: Counter[str] = Counter()
    for chart in (chart for tree in arguments.trees for chart in spread([*charts_of([tree])], arguments.each)):
        built = in_process("--origins")(chart)
        if built.status:
            continue
        verdicts["charts"] += 1
        for scalar in scalars_of(built.output):
            for verdict in judge(scalar):
                verdicts[verdict] += 1
                if arguments.verbose and "wrong" in verdict:
                    print(f"{verdict}\t{scalar.key}={scalar.value[:60]!r}\t{scalar.places}")
    for verdict, count in sorted(verdicts.items()):
        print(f"{count:>9,} {verdict}")
    for what in ("line", "values line"):
        right, wrong = verdicts[f"{what} right"], verdicts[f"{what} wrong"]
        print(f"{what}: {100 * right / max(right + wrong, 1):.2f} % right")


class _Around:
    """A collection while it is read: the key that it stands under or that was read last, and whether one comes next."""

    def __init__(self, key: str, *, is_mapping: bool) -> None:
        self.key = key
        self.is_mapping = is_mapping
        self.takes_key = is_mapping

    def note_value(self) -> None:
        """A value was read."""
        self.takes_key = self.is_mapping


def scalars_of(output: str) -> Iterator[Scalar]:
    """The scalars of an output with comments, those of `crds/` left out."""
    lines = output.splitlines()
    parser = import_module("_ruamel_yaml").CParser(output)
    around: list[_Around] = []
    while (event := parser.get_event()) is not None:
        name = type(event).__name__
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            around.append(_Around(around[-1].key if around else "", is_mapping=name == "MappingStartEvent"))
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            around.pop()
            if around:
                around[-1].note_value()
        elif name == "ScalarEvent" and around and around[-1].takes_key:
            around[-1].key, around[-1].takes_key = event.value, False
        elif name == "ScalarEvent" and around:
            yield from _scalar_at(lines[event.start_mark.line], around[-1].key, event.value)
            around[-1].note_value()


def _scalar_at(line: str, key: str, value: str) -> Iterator[Scalar]:
    comment = _COMMENT.search(line)
    places = [(words.strip(), file, int(at)) for words, file, at in _PLACE.findall(comment[1])] if comment else []
    if places and "/crds/" not in places[0][1] and not places[0][1].endswith(".tgz"):
        yield Scalar(key, value, places)


def judge(scalar: Scalar) -> Iterator[str]:
    """What is right and wrong of one scalar."""
    _, file, number = scalar.places[0]
    line = line_of(file, number)
    actions = [one for one in _ACTION.findall(line) if not _SILENT.match(one)]
    key = _KEY.match(line)
    is_block = any(map(_BLOCK.search, actions))
    has_key = key is None or is_block or key[1] == scalar.key or "{{" in key[0] or not line.strip().startswith(key[1])
    is_empty = scalar.value == "null" and key is not None and line.rstrip().endswith(":")
    is_right = bool(actions or is_empty or _holds(line, scalar.value)) and has_key
    yield f"line {'right' if is_right else 'wrong'}"
    alone = _VALUE.fullmatch(actions[0]) if len(actions) == 1 else None
    is_set = scalar.value not in ("null", "") and not _holds(line, scalar.value) and len(scalar.value) > _around(line)
    if alone is not None and is_set and not is_block:
        name = (alone[1] or alone[2]).rpartition(".")[2]
        named = [line_of(file, at) for _, file, at in scalar.places[1:] if file.endswith((".yaml", ".yml"))]
        yield f"values line {'right' if any(_sets(one, name, scalar.value) for one in named) else 'wrong'}"


def _around(line: str) -> int:
    """How many characters stand in a line beside its actions, of the value itself: where no more are printed, nothing is set."""
    return len(_ACTION.sub("", _KEY.sub("", line)).strip("- \t'\""))


def _holds(line: str, value: str) -> bool:
    """Whether a line holds a value, or its beginning."""
    plain = value.strip().splitlines()
    text = line.replace('\\"', '"').replace("''", "'")
    if value.isdecimal() and int(value) in map(resolve, re.findall(r"[\w.]+", line)):
        return True
    return not plain or plain[0][:_WIDTH] in text or bool(re.search(r"[|>][-+\d]*\s*$", line))


def _sets(line: str, name: str, value: str) -> bool:
    return _holds(line, value) or bool(re.match(rf"\s*(- )*[\"']?{re.escape(name)}[\"']?:", line))


@cache
def _lines(file: str) -> list[str]:
    path = Path(file)
    return path.read_text(encoding="utf-8", errors="replace").split("\n") if path.is_file() else []


def line_of(file: str, number: int) -> str:
    """A line of a file, empty where there is none."""
    lines = _lines(file)
    return lines[number - 1] if 0 < number <= len(lines) else ""


if __name__ == "__main__":
    main()
