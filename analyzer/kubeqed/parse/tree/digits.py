"""Whole numbers of any length.

Python refuses more than 4,300 digits with a ValueError, and needs time that grows with the square of their number.
"""

from __future__ import annotations

_MOST = 1_000  # digits


def parse_whole_number(text: str) -> int:
    """The number that decimal digits write, after a sign or none; beyond 1,000 digits that of 1,001 digits.

    No limit of Kubernetes is near that, so that no comparison with one changes. ValueError for any other text.
    """
    digits = text.lstrip("+-0")
    if len(digits) <= _MOST or not digits.isdecimal():
        return int(text if len(text) <= _MOST else f"{text[0] if text[0] in '+-' else ''}0{digits}")
    return int(-(10**_MOST) if text.startswith("-") else 10**_MOST)
