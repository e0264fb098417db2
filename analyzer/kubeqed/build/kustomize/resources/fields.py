"""The fields that a field spec names, found or created (kustomize's filters/fieldspec)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from functools import lru_cache

from kubeqed.build.kustomize.resources.identity import split_version
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.tables import FieldSpec
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalError


class Create(Enum):
    """What is created where a field spec says that its field is to be there."""

    NOTHING = auto()
    SCALAR = auto()
    MAPPING = auto()


Change = Callable[[OriginNode], None]


def change_fields(
    resource: BuildResource,
    specs: Iterable[FieldSpec],
    change: Change,
    create: Create = Create.NOTHING,
    by: OriginNode | None = None,
) -> None:
    """Calls `change` on each field of the resource that a spec names; what is created stands where `by` was set."""
    group, version = split_version(resource.api_version)
    for spec in specs:
        if spec.kind in ("", resource.kind) and spec.group in ("", group) and spec.version in ("", version):
            walk = _Walk(split_path(spec.path, "/"), change, create if spec.create else Create.NOTHING, by)
            try:
                walk.visit(resource.tree, 0)
            except RefusalError as error:
                reason = f"considering field '{spec.path}' of object {resource.current_id}: {error.reason}"
                raise RefusalError(reason, error.place) from None


@lru_cache(maxsize=1 << 12)
def split_path(path: str, delimiter: str) -> tuple[str, ...]:
    r"""The steps of a path; a delimiter after a backslash is part of a step."""
    steps: list[str] = []
    for part in path.removeprefix(delimiter).split(delimiter) if path != delimiter else [""]:
        if steps and steps[-1].endswith("\\"):
            steps[-1] = f"{steps[-1][:-1]}{delimiter}{part}"
        else:
            steps.append(part)
    return tuple(steps)


class _Walk:
    """One walk along the steps of a path; lists on the way are walked item by item."""

    def __init__(self, steps: Sequence[str], change: Change, create: Create, by: OriginNode | None) -> None:
        self._steps = steps
        self._change = change
        self._create = create
        self._by = by

    def visit(self, node: OriginNode, number: int) -> None:
        """Goes on from a node with a step of the path."""
        if number == len(self._steps):
            self._change(node)
        elif isinstance(node.value, list):
            for item in node.value:
                self.visit(item, number)
        elif isinstance(node.value, dict):
            self._enter_entries(node, node.value, number)
        elif node.value is not None:
            raise RefusalError("expected sequence or mapping node")

    def _enter_entries(self, node: OriginNode, entries: dict[str, OriginNode], number: int) -> None:
        """Goes on into an entry, which is made where the spec says so."""
        name = self._steps[number].removesuffix("[]")
        if not name:
            raise RefusalError("cannot set or create an empty field name")
        is_list = self._steps[number].endswith("[]")
        creates = self._create is not Create.NOTHING and not is_list
        field = entries.get(name)
        if creates and (field is None or field.value is None):
            is_last = number == len(self._steps) - 1
            is_scalar = is_last and self._create is Create.SCALAR
            field = (self._by or node).like(None if is_scalar else {})
            node.set(name, field)
        elif is_list and field is not None and field.value is None:
            field.value = []  # as the tool leaves it
        if field is not None:
            self.visit(field, number + 1)
