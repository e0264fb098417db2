"""Which class reads which kind: a module named after the kind, imported when a document of that kind occurs.

A kind is its API group and its name together: Knative's Service and Istio's Gateway are other kinds. Adding a kind
is adding its module; kinds that are told in a few lines share one.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache

from kubeqed.model import kinds
from kubeqed.model.kinds.object import Identity, Object
from kubeqed.sources.modules import list_modules

# Kinds that stand in a module of several, in lower case. Any other is found by its own name.
_SHARED = {
    **dict.fromkeys(("grpcroute", "httproute", "tcproute", "tlsroute", "udproute"), "gatewayroute"),
    **dict.fromkeys(("pod", "deployment", "replicaset", "replicationcontroller", "daemonset"), "workload"),
    "gatewayclass": "gateway",
    **dict.fromkeys(("cronjob", "virtualmachine"), "workload"),
    **dict.fromkeys(("horizontalpodautoscaler", "scaledobject", "verticalpodautoscaler"), "autoscaler"),
}

Reader = Callable[[Identity], Object]


def find_reader(group: str, kind: str) -> Reader:
    """What reads objects of this kind; any kind that has no module of its own is unmodelled."""
    readers = readers_of(kind.lower())
    return readers.get((group, kind)) or readers_of("unmodelled")["", ""]


def is_modelled(group: str, kind: str) -> bool:
    """Whether the kind has a module of its own."""
    return (group, kind) in readers_of(kind.lower())


def module_of(name: str) -> str:
    """The module that reads the kinds that are called so in lower case, if there is one."""
    return _SHARED.get(name, name)


@cache
def readers_of(name: str) -> dict[tuple[str, str], Reader]:
    """The readers of the kinds that are called so in lower case, by (group, kind); empty where none is modelled."""
    module = module_of(name)
    if module not in _list_modules():
        return {}
    readers: dict[tuple[str, str], Reader] = getattr(importlib.import_module(f"{kinds.__name__}.{module}"), "KINDS", {})
    return readers


@cache
def _list_modules() -> frozenset[str]:
    return frozenset(list_modules(kinds.__path__))
