"""Which class reads which kind: a module named after the kind, imported when a document of that kind occurs.

A kind is its API group and its name together: Knative's Service and Istio's Gateway are other kinds. Adding a kind
is adding its module.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache

from kubeqed.model import kinds
from kubeqed.model.kinds.object import Identity, Object
from kubeqed.sources.modules import list_modules

Reader = Callable[[Identity], Object]


def find_reader(group: str, kind: str) -> Reader:
    """What reads objects of this kind; any kind that has no module of its own is unmodelled."""
    readers = _readers_of(kind.lower())
    return readers.get((group, kind)) or _readers_of("unmodelled")["", ""]


def is_modelled(group: str, kind: str) -> bool:
    """Whether the kind has a module of its own."""
    return (group, kind) in _readers_of(kind.lower())


@cache
def _readers_of(module: str) -> dict[tuple[str, str], Reader]:
    if module not in _modules():
        return {}
    return getattr(importlib.import_module(f"{kinds.__name__}.{module}"), "KINDS", {})


@cache
def _modules() -> frozenset[str]:
    return frozenset(list_modules(kinds.__path__))
