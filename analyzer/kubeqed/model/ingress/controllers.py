"""Which Ingresses a controller takes, and how it is told: the package data about ingress controllers, typed.

`python -m data.generate_ingress` writes the data, with the addresses of its sources.
"""

from __future__ import annotations

import os
from enum import Enum
from functools import cache
from typing import Any, NamedTuple


class Unclassed(Enum):
    """When a controller takes an Ingress that names no class: FLAG and UNLESS go by one of its arguments."""

    ALWAYS = "always"
    NEVER = "never"
    FLAG = "flag"
    UNLESS = "unless"


class IngressController(NamedTuple):
    """A controller.

    `strings` are what an IngressClass calls it, `classes` the names of its own, `class_flags` its arguments that set others.
    `outside` says that it runs outside of the cluster. Its containers have `images`, it reads annotations with `prefixes`,
    behind which `keys` stand; none where they are not listed.
    `inferred` says that no source was read for it, `sources` are the addresses of those that were.
    """

    id: str
    name: str
    strings: frozenset[str]
    classes: frozenset[str]
    unclassed: Unclassed
    unclassed_flag: str
    class_flags: tuple[str, ...]
    outside: bool
    images: tuple[str, ...]
    prefixes: tuple[str, ...]
    keys: frozenset[str]
    inferred: bool
    sources: tuple[str, ...]

    def is_called(self, string: str) -> bool:
        """Whether `spec.controller` of an IngressClass means it; some may be followed by a class of their own."""
        return string in self.strings or (
            "haproxy" in string and any(string.startswith(f"{one}/") for one in self.strings)
        )


@cache
def load_controllers() -> tuple[IngressController, ...]:
    """The controllers of the package data."""
    import json

    with open(os.path.join(os.path.dirname(__file__), "controllers.json"), encoding="utf-8") as file:
        return tuple(_make_controller(entry) for entry in json.load(file)["controllers"])


@cache
def known_classes() -> frozenset[str]:
    """The names of the classes that some controller takes for its own."""
    return frozenset(name for one in load_controllers() for name in one.classes)


def _make_controller(entry: dict[str, Any]) -> IngressController:
    return IngressController(
        id=entry["id"],
        name=entry["name"],
        strings=frozenset(entry["strings"]),
        classes=frozenset(entry["classes"]),
        unclassed=Unclassed(entry["unclassed"]),
        unclassed_flag=entry["unclassed_flag"],
        class_flags=tuple(entry["class_flags"]),
        outside=entry["outside"],
        images=tuple(entry["images"]),
        prefixes=tuple(entry["prefixes"]),
        keys=frozenset(entry["keys"]),
        inferred=entry["inferred"],
        sources=tuple(entry["sources"]),
    )
