"""`fromYaml` and its kin: values of YAML, each from where the text that holds it was written."""

from __future__ import annotations

from typing import Any

from kubeqed.build.gotemplate.functions.encoding import fit_json
from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.text import TracedText
from kubeqed.build.gotemplate.tracing.rendered_places import RenderedPlaces
from kubeqed.build.gotemplate.values import PlacedList, PlacedMap, TemplateError
from kubeqed.parse import Mapping, Sequence, Unknown, Value, parse_written
from kubeqed.parse.document import ProblemKind


def _from_yaml(text: str) -> Any:
    """A value of YAML, whose numbers are float64; a TemplateError for what is none."""
    document = parse_written(str(text))
    problem = next((one for one in document.problems if one.kind is ProblemKind.NOT_READABLE), None)
    if problem is not None or document.broken:
        raise TemplateError(
            "error converting YAML to JSON: yaml: " + (problem.message if problem is not None else "not readable")
        )
    return _plain_value(document.root, RenderedPlaces(text, document) if isinstance(text, TracedText) else None)


def _plain_value(value: Value, places: RenderedPlaces | None) -> Any:
    """A parsed value as templates see it."""
    if isinstance(value, Mapping):
        known = dict(zip(value, map(places.find, value.marks[1::2]), strict=True)) if places is not None else {}
        entries = {key: _plain_value(one, places) for key, one in value.items()}
        return PlacedMap(entries, {key: place for key, place in known.items() if place is not None})
    if isinstance(value, Sequence):
        found = list(map(places.find, value.marks)) if places is not None else []
        items = [_plain_value(one, places) for one in value]
        return PlacedList(items, [place for place in found if place is not None] if all(found) else [])
    if isinstance(value, Unknown):
        return value.text
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _read_as(text: str, wanted: type) -> Any:
    """A value of YAML as a map or list; a TemplateError if it is none."""
    value = _from_yaml(text)
    try:
        return fit_json(value, wanted)
    except TemplateError as error:
        raise TemplateError(f"error unmarshaling JSON: while decoding JSON: {error.reason}") from None


def _map_of_yaml(text: str) -> dict[str, Any]:
    """`fromYaml`: an error stands in the map, as Helm has it."""
    try:
        found: dict[str, Any] = _read_as(text, dict)
    except TemplateError as error:
        return {"Error": error.reason}
    return found


def _list_of_yaml(text: str) -> list[Any]:
    """`fromYamlArray`: an error is the only item, as Helm has it."""
    try:
        found: list[Any] = _read_as(text, list)
    except TemplateError as error:
        return [error.reason]
    return found


FUNCTIONS = {
    "fromYaml": takes("s", _map_of_yaml),
    "fromYamlArray": takes("s", _list_of_yaml),
}
