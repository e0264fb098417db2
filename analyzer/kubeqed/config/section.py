# No `from __future__ import annotations`: pydantic would evaluate each annotation from its text, at every start.
"""What the sections of the configuration share: a mapping in which an unknown key is an error, and parts of its schema."""

from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, WithJsonSchema

from kubeqed.config import values
from kubeqed.sources.docstrings import read_docstring

Text = Annotated[str, AfterValidator(values.not_empty), WithJsonSchema({"type": "string", "minLength": 1})]


class OrName(NamedTuple):
    """Lets the JSON Schema of a field allow a plain name too; a BeforeValidator makes the long form of it."""

    name: WithJsonSchema

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> dict[str, Any]:
        """A name, or what the field is otherwise."""
        return {"anyOf": [self.name.json_schema, handler(core_schema)]}


def enum_schema(*names: object) -> WithJsonSchema:
    """The schema of a name among some."""
    return WithJsonSchema({"enum": list(names)})


class Keys(BaseModel):
    """A mapping of the configuration: what is not said here is an error."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        defer_build=True,
        model_title_generator=lambda model: model.__name__.removesuffix("Keys"),
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """The description in the JSON Schema is the docstring, also where Python runs without them."""
        cls.__doc__ = read_docstring(cls)
