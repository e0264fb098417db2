"""The containers of a pod, whichever list they stand in."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.node import Node

LISTS = ("initContainers", "containers", "ephemeralContainers")


def all_containers(spec: Node) -> Iterator[Node]:
    """Every container of a pod's `spec`, in the order in which the server looks at them."""
    for key in LISTS:
        yield from spec[key].items()
