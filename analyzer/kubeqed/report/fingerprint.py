"""The fingerprint that GitHub's uploader computes for a line (`primaryLocationLineHash`), so that ours is the same.

A line's hash covers the 100 UTF-16 units that follow its start, spaces and tabs left out and every line break counted
as one; the end of the file is one unit more, then zeros. A number tells equal hashes of one file apart.
"""

from __future__ import annotations

import sys
from array import array
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = 100
FACTOR = 37
MASK = (1 << 64) - 1
END_OF_FILE = 0xFFFF
UTF_16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"
LEAVING = pow(FACTOR, WINDOW, MASK + 1)


def line_hashes(lines: Sequence[str]) -> list[str]:
    """The hash of every line, as `hexadecimal:number`; `lines` as `split_lines` cuts them."""
    bare = [_encode_units(line) for line in lines]
    units = [unit for line in bare for unit in (*line, 0x0A)]
    units[-1] = END_OF_FILE  # the last line has no break behind it
    units += [0] * WINDOW
    rolled = list(accumulate(units, lambda total, unit: (total * FACTOR + unit) & MASK, initial=0))
    seen: dict[str, int] = {}
    hashes = []
    start = 0
    for line in bare:
        value = f"{(rolled[start + WINDOW] - rolled[start] * LEAVING) & MASK:x}"
        seen[value] = seen.get(value, 0) + 1
        hashes.append(f"{value}:{seen[value]}")
        start += len(line) + 1
    return hashes


def _encode_units(line: str) -> array[int]:
    """A line as JavaScript counts it, without spaces and tabs."""
    units = array("H")
    units.frombytes(line.replace(" ", "").replace("\t", "").encode(UTF_16, "surrogatepass"))
    return units
