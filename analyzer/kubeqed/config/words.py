"""pydantic's errors in our words, each at the key or value at fault."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from kubeqed.config.complaint import Complaint
from kubeqed.config.intents.keys import INTENT_SECTIONS
from kubeqed.config.keys import MODELS
from kubeqed.config.nearest import did_you_mean, quote_text
from kubeqed.config.places import Location, Places
from kubeqed.config.values import describe_value

if TYPE_CHECKING:
    from pydantic import ValidationError

_EXPECTED = {
    "string_type": "a string",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}


def describe(error: ValidationError, places: Places, at: Location = ()) -> Iterator[Complaint]:
    """What a ValidationError about the value `at` a place says, one complaint for each of its errors."""
    for details in error.errors(include_url=False):
        location = (*at, *details["loc"])
        if details["type"] == "extra_forbidden":
            yield Complaint(places.key(*location).span, _unknown_key(location))
        elif details["type"] == "missing":
            yield Complaint(places.value(*location).span, f'the key "{location[-1]}" is missing')
        else:
            yield Complaint(places.value(*location).span, _wrong_value(details))


def _wrong_value(details: Any) -> str:
    if details["type"] == "value_error":
        return str(details["ctx"]["error"])
    return f"expected {_EXPECTED[details['type']]}, found {describe_value(details['input'])}"


def _unknown_key(location: Location) -> str:
    *above, key = (step for step in location if isinstance(step, str))
    known = _list_keys(tuple(above))
    homes = [way for way in MODELS if key in _list_keys(way)]
    if not homes or above[:1] == ["intents"]:
        return f"unknown key {quote_text(key)}{did_you_mean(key, known)}"
    return f'unknown key "{key}" here, it belongs {" or ".join(map(_name_section, homes))}'


def _list_keys(way: tuple[str, ...]) -> Collection[str]:
    model = INTENT_SECTIONS[way[-1]] if way[:1] == ("intents",) else MODELS[way]
    return [field.alias or name for name, field in model.model_fields.items()]


def _name_section(way: tuple[str, ...]) -> str:
    return f'below "{".".join(way)}"' if way else "at the top"
