"""Values that an object or a kustomization states for a chart: in a mapping, in a text, or in files that it names."""

from __future__ import annotations

import re
from typing import Any

from kubeqed.build.directory import Directory, Files
from kubeqed.build.gotemplate.values import PlacedList, PlacedMap
from kubeqed.build.helm.value_set import SetText
from kubeqed.build.helm.values import read_values
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalError
from kubeqed.build.scalars import spell
from kubeqed.parse import Place, Unknown

_ESCAPE = "\\"
_ACTION = re.compile(r"\{\{-?(.*?)-?\}\}", re.DOTALL)


def values_of_mapping(node: OriginNode | None, *, is_generated: bool = False) -> PlacedMap:
    """The values that a mapping holds; none where there is no mapping.

    `is_generated` says that what stands in `{{ }}` is left for a generator of Applications to fill in.
    """
    found = _value_of(node, is_generated) if node is not None else None
    return found if isinstance(found, PlacedMap) else PlacedMap()


def values_of_text(node: OriginNode, directory: Directory, *, is_generated: bool = False) -> PlacedMap:
    """The values that a text holds, each at its line where the text is a literal block; a RefusalError for what is no map."""
    documents = directory.inline(node)
    if not documents:
        return PlacedMap()
    found = _value_of(documents[0], is_generated)
    if not isinstance(found, PlacedMap):
        raise RefusalError("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal", node.place)
    return found


def values_of_file(real: str, files: Files) -> PlacedMap:
    """The values of a file; a RefusalError for what is no map, an OSError for what cannot be read."""
    printed = files.printed(real)
    return read_values(files.content(real).decode(errors="replace"), printed, f"failed to parse {printed}")


def set_text(path: str, value: Any, place: Place) -> SetText:
    """One value under a path of keys, as `--set` and `--set-string` have it: what is a text stays one."""
    if isinstance(value, str):
        return SetText(f"{path}={value.replace(_ESCAPE, _ESCAPE * 2).replace(',', f'{_ESCAPE},')}", place, is_text=True)
    return SetText(f"{path}={spell(value)}", place)


def holds_blank(node: OriginNode | None) -> bool:
    """Whether a text of a tree has a part in `{{ }}`."""
    if node is None:
        return False
    if node.is_scalar:
        return isinstance(node.value, str | Unknown) and "{{" in node.text
    return any(map(holds_blank, (*node.entries.values(), *node.items)))


def name_blanks(text: str) -> str:
    """A text with `{{ .host }}` as `${host}`, which is unknown too, but no mapping to YAML where a template prints it bare."""
    return _ACTION.sub(_name_blank, text)


def _name_blank(match: re.Match[str]) -> str:
    name = re.sub(r"\W+", "_", match[1]).strip("_")
    return f"${{{name if name[:1].isalpha() else 'value'}}}"


def _value_of(node: OriginNode, is_generated: bool) -> Any:
    """A value as templates see it; one that is not known is the text that stands for it."""
    if isinstance(node.value, dict):
        places = {key: item.place for key, item in node.value.items()}
        return PlacedMap({key: _value_of(item, is_generated) for key, item in node.value.items()}, places)
    if isinstance(node.value, list):
        return PlacedList([_value_of(item, is_generated) for item in node.value], [item.place for item in node.value])
    if isinstance(node.value, Unknown):
        return name_blanks(node.value.text) if is_generated else node.value.text
    return float(node.value) if isinstance(node.value, int) and not isinstance(node.value, bool) else node.value
