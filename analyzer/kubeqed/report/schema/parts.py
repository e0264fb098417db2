"""What the published JSON of several commands shares: places, objects, units."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt

from kubeqed.sources.docstrings import read_docstring


class ReportModel(BaseModel):
    """Strict: what is not said here is not in the report."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        model_title_generator=lambda model: model.__name__.removesuffix("Model"),
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """The description in the JSON Schema is the docstring, also where Python runs without them."""
        cls.__doc__ = read_docstring(cls)


class PlaceModel(ReportModel):
    """A stretch of one line, counted from 1 in code points; `end_column` is exclusive."""

    file: str
    line: PositiveInt
    column: PositiveInt
    end_line: PositiveInt
    end_column: PositiveInt


class ChangedPlace(PlaceModel):
    """The place of a field that was built; `changed` are the lines of patches that set a part of it."""

    changed: tuple[PlaceModel, ...] = ()


class PlaceOrNone(ReportModel):
    """A place, or null throughout for what no line states."""

    file: str | None
    line: PositiveInt | None
    column: PositiveInt | None
    end_line: PositiveInt | None
    end_column: PositiveInt | None


class KubernetesObject(ReportModel):
    """Which object is spoken of; `namespace` is null where the manifest sets none."""

    api_version: str = Field(alias="apiVersion")
    kind: str
    namespace: str | None
    name: str | None


class UnitModel(ReportModel):
    """The objects that end up in one cluster together; `stated` is false when the unit was guessed."""

    root: str
    world: Literal["open", "closed"]
    stated: bool
    objects: NonNegativeInt


class PolicyEditModel(PlaceOrNone):
    """What would change an answer: allow what is denied, forbid what is allowed, or make an intent hold.

    `add` appends the items of `value` to the list at the path, `insert` puts them before the item there, `remove` takes
    it out, `create` adds the object `value`, best beside `object`; `advice` is `text` alone. A text beside another
    operation says what it cannot do. `changed` are lines that set a part of the field.
    """

    purpose: Literal["allow", "forbid", "hold"]
    operation: Literal["add", "insert", "remove", "create", "advice"]
    object: KubernetesObject | None
    path: str
    value: tuple[dict[str, Any], ...] | dict[str, Any] | None
    text: str
    changed: tuple[PlaceModel, ...] = ()
