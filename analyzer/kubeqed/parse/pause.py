"""Rest for the cyclic garbage collector while trees are made, which hold no cycles: its searches cost several times the work."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Python's search for cyclic garbage rests meanwhile, and goes on afterwards if it went on before."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
