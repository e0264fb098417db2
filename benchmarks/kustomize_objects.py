"""Objects in the output of a build, read as kubectl reads them, and where two builds differ first.

Plain scalars are resolved as sigs.k8s.io/yaml resolves them, so that `0644`, `yes` or `1e3` without quotes are what the
API server would get.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from importlib import import_module
from os.path import commonprefix
from typing import Any

Key = tuple[str, str, str, str]


def first_difference(ours: list[Any], tool: list[Any]) -> str:
    """Where two lists of objects differ first; empty when they are the same."""
    mine, theirs = _by_key(ours), _by_key(tool)
    for key in theirs:
        if len(mine.get(key, ())) != len(theirs[key]):
            names = ["/".join(key) for key in mine if key not in theirs]
            return f"{'/'.join(key)}: {len(theirs[key])} by the tool, {len(mine.get(key, ()))} by us; ours alone: {names[:3]}"
    for key in mine:
        if key not in theirs:
            return f"{'/'.join(key)}: only ours"
    for key, objects in theirs.items():
        for one, other in zip(mine[key], objects, strict=True):
            found = _difference(one, other, "")
            if found:
                return f"{'/'.join(key)} {found}"
    return ""


def random_names(once: list[Any], again: list[Any]) -> list[str]:
    """What names begin with that two outputs of the tool do not give the same end."""
    pairs = (
        tuple(str((one.get("metadata") or {}).get("name")) for one in pair) for pair in zip(once, again, strict=False)
    )
    return [commonprefix(pair) for pair in pairs if len(set(pair)) > 1]  # noqa: RUF071 - names are no paths


def without_random(objects: list[Any], once: list[Any], again: list[Any], names: Sequence[str] = ()) -> list[Any]:
    """The objects without the values in which two outputs of the tool differ; `names` begin names that do."""
    first, second = _by_key(once, names), _by_key(again, names)
    return [
        _known(one, *(found[key][at] if at < len(found[key]) else one for found in (first, second)))
        for key, several in _by_key(objects, names).items()
        for at, one in enumerate(several)
    ]


def _known(value: Any, once: Any, again: Any) -> Any:
    if all(isinstance(one, dict) for one in (value, once, again)):
        return {key: _known(one, once.get(key), again.get(key)) for key, one in value.items()}
    if all(isinstance(one, list) for one in (value, once, again)) and len(value) == len(once) == len(again):
        return [_known(*several) for several in zip(value, once, again, strict=True)]
    return value if once == again else None


def _by_key(objects: list[Any], random: Sequence[str] = ()) -> dict[Key, list[Any]]:
    found: dict[Key, list[Any]] = defaultdict(list)
    for one in objects:
        metadata = one.get("metadata") or {}
        name = str(metadata.get("name"))
        name = next((start for start in random if start and name.startswith(start)), name)
        found[str(one.get("apiVersion")), str(one.get("kind")), str(metadata.get("namespace", "")), name].append(one)
    return found


def _difference(ours: Any, tool: Any, path: str) -> str:
    if isinstance(ours, dict) and isinstance(tool, dict):
        for key in {**tool, **ours}:
            if key not in ours or key not in tool:
                return f"{path}.{key}: only {'ours' if key in ours else 'the tool'}"
            found = _difference(ours[key], tool[key], f"{path}.{key}")
            if found:
                return found
        return ""
    if isinstance(ours, list) and isinstance(tool, list):
        if len(ours) != len(tool):
            return f"{path}: {len(tool)} items by the tool, {len(ours)} by us"
        pairs = enumerate(zip(ours, tool, strict=True))
        return next(filter(None, (_difference(one, other, f"{path}[{at}]") for at, (one, other) in pairs)), "")
    if type(ours) is type(tool) and (ours == tool or ours != ours):
        return ""
    return f"{path}: {str(tool)[:120]!r} by the tool, {str(ours)[:120]!r} by us ({type(tool).__name__}, {type(ours).__name__})"


_SPECIAL: dict[str, Any] = {
    **dict.fromkeys("y Y yes Yes YES true True TRUE on On ON".split(), True),
    **dict.fromkeys("n N no No NO false False FALSE off Off OFF".split(), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INT = re.compile(r"[-+]?(0b[01]+|0o?[0-7]+|0x[0-9a-fA-F]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def read_objects(text: str) -> list[Any]:
    """The documents of a text, plain scalars resolved as in sigs.k8s.io/yaml."""
    reading = _Reading(import_module("_ruamel_yaml").CParser(text))
    documents = []
    while (event := reading.next()) is not None:
        if type(event).__name__ == "DocumentStartEvent":
            documents.append(reading.value(reading.next()))
    return [one for one in documents if one is not None]


class _Reading:
    def __init__(self, parser: Any) -> None:
        self._parser = parser
        self._anchored: dict[str, Any] = {}

    def next(self) -> Any:
        return self._parser.get_event()

    def value(self, event: Any) -> Any:
        if type(event).__name__ == "AliasEvent":
            return self._anchored[event.anchor]
        value = self._read(event)
        if event.anchor:
            self._anchored[event.anchor] = value
        return value

    def _read(self, event: Any) -> Any:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            return resolve(event.value) if event.implicit[0] else event.value
        items = []
        while type(event := self.next()).__name__ not in ("SequenceEndEvent", "MappingEndEvent"):
            items.append(self.value(event))
        if kind == "SequenceStartEvent":
            return items
        keys = (key if isinstance(key, str) else json.dumps(key) for key in items[::2])
        return _merged(dict(zip(keys, items[1::2], strict=True)))


def _merged(mapping: dict[str, Any]) -> dict[str, Any]:
    """The mapping with what its key `<<` brings, as YAML 1.1 has it."""
    if "<<" not in mapping:
        return mapping
    brought = mapping.pop("<<")
    for one in brought if isinstance(brought, list) else [brought]:
        mapping = {**one, **mapping}
    return mapping


def resolve(text: str) -> Any:
    """The value of a plain scalar."""
    if text in _SPECIAL:
        return _SPECIAL[text]
    number = text.replace("_", "")
    if _INT.fullmatch(number):
        octal = re.sub(r"^([-+]?)0(?=[0-7])", r"\g<1>0o", number)
        value = int(octal, 0)
        return value if -(2**63) <= value < 2**64 else float(value)
    if _FLOAT.fullmatch(number):
        real = float(number.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf").replace(".nan", "nan"))
        # Through JSON a whole number is written without a point. kustomize prints it so, helm prints what a template says.
        return int(real) if real.is_integer() and abs(real) < 2**63 else real
    return text
