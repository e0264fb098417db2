"""Measures how the cost of reading grows with text made to hurt.

    python benchmarks/hostile.py [--repeats 5000] [--factor 4]

Each text is read twice, the second time `factor` times as long. A growth exponent near 1 is linear; near 2 would let
one file stop a commit hook.
"""

from __future__ import annotations

import argparse
import math
import time
from typing import NamedTuple

from kubeqed.parse import parse
from kubeqed.sources import SourceFile


class Hostile(NamedTuple):
    """A text of any length: `start`, then `repeated` many times, then `end`."""

    repeated: str
    start: str = ""
    end: str = ""

    def text(self, repeats: int) -> str:
        """The text with `repeated` written `repeats` times."""
        return self.start + self.repeated * repeats + self.end


TEXTS = (
    Hostile("{{"),
    Hostile("{{ a\n"),
    Hostile('{{ " }}'),
    Hostile("{{/*"),
    Hostile("%\n", end="---\n"),
    Hostile("${", "a: "),
    Hostile("<a", "a: "),
    Hostile("a ", "a: <"),
    Hostile("---\n"),
    Hostile("a: &x\n"),
    Hostile("!!str &x ", "- "),
    Hostile("'", "a: '"),
    Hostile("\\", '{"a": "'),
    Hostile("{} "),
    Hostile("{}\r"),
    Hostile("a: {{ x }}\r"),
    Hostile("{{ x }}\n"),
    Hostile("{{ x }}\r"),
    Hostile("{{ if x }}"),
    Hostile("{{ if x }}\na: [\n"),
    Hostile("\r", end="a: ["),
    Hostile("\n", "a: 'x\u2028"),
    Hostile("["),
    Hostile("- "),
    Hostile("? "),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5000)
    parser.add_argument("--factor", type=int, default=4)
    arguments = parser.parse_args()
    print(f"{'repeated':<24} {'CPU ms':>8} {'longer':>8} {'exponent':>9}")
    for hostile in TEXTS:
        short = seconds(hostile.text(arguments.repeats))
        long = seconds(hostile.text(arguments.repeats * arguments.factor))
        exponent = math.log(long / short) / math.log(arguments.factor)
        print(f"{hostile.repeated!r:<24} {short * 1000:>8.1f} {long * 1000:>8.1f} {exponent:>9.2f}")


def seconds(text: str) -> float:
    """The least CPU seconds of three readings of a text."""
    return min(_once(text) for _ in range(3))


def _once(text: str) -> float:
    start = time.process_time()
    parse(SourceFile("hostile.yaml", text.encode()))
    return time.process_time() - start


if __name__ == "__main__":
    main()
