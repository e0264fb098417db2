"""Which findings to keep where a reader takes only so many.

GitHub code scanning takes 25,000 results in a run and 10 MB, compressed, in a file.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from kubeqed.diagnostic import Certainty, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_RESULTS = 25_000
MOST_BYTES = 10_000_000
MARGIN = 0.95  # sizes are not quite proportional to the number of results

CERTAINTIES = list(Certainty)


def worst_severity(findings: Sequence[Diagnostic], most: int) -> tuple[Diagnostic, ...]:
    """The `most` gravest and surest findings, in the order in which they came."""
    if len(findings) <= most:
        return tuple(findings)
    graded = sorted(range(len(findings)), key=lambda number: _rank_finding(findings[number]))
    return tuple(findings[number] for number in sorted(graded[:most]))


def worst_first(findings: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The gravest and surest findings first, those of one grade in the order in which they came."""
    return sorted(findings, key=_rank_finding)


def cut_to_fit(count: int, text: str) -> int:
    """How many of `count` results fit into a file, judged by the text that they all make."""
    size = compress(text)
    return count if size <= MOST_BYTES else int(count * MARGIN * MOST_BYTES / size)


def compress(text: str) -> int:
    """The size after compression; text that fits as it is is not compressed to find out."""
    content = text.encode("utf-8")
    return len(content) if len(content) <= MOST_BYTES else len(zlib.compress(content)) + 32


def _rank_finding(finding: Diagnostic) -> tuple[bool, int, int]:
    return finding.suppression is not None, -finding.severity.rank, CERTAINTIES.index(finding.certainty)
