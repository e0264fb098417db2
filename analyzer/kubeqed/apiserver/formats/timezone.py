"""The names of time zones, as https://www.iana.org/time-zones has them."""

from __future__ import annotations

import os.path
from functools import cache

_DATA = os.path.join(os.path.dirname(__file__), os.pardir, "data", "timezones.txt")


@cache
def time_zones() -> frozenset[str]:
    """All names, older ones included; upper and lower case matter to a server."""
    with open(_DATA, encoding="utf-8") as file:
        return frozenset(line for line in file.read().splitlines() if not line.startswith("#"))
