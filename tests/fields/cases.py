"""What is tried: small inputs, each with one field changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import count, cycle, product
from typing import Any, NamedTuple

from tests.fields.kinds import HERE, Field, documents, ways
from tests.fields.once import parse_text
from tests.fields.written import LINES, ODD, PLACEHOLDERS, Change, Way, changed, text_of

VALUES = [Change("value", text, flow) for text, flow in product(PLACEHOLDERS, (False, True))]
STRUCTURES = [
    *(Change(how, text, flow) for how, text, flow in product(("key", "item"), PLACEHOLDERS, (False, True))),
    *(Change("value", text, flow) for text, flow in product(ODD, (False, True))),
    *(Change(how, text) for how, text in product(("key", "item"), ODD)),
    *(Change("line", text) for text in LINES),
    Change("block"),
    Change("block", "#@ if data.x:"),
    Change("absent"),
]
_WEB, _DB = "shop/web[Deployment]", "shop/db[StatefulSet]"
KUSTOMIZATION = ("kustomization.yaml", "patch.yaml", "operations.yaml", "replacement.yaml")
CONFIGURATION = ("kubeqed.yaml",)
_BASELINE = '{"version": 1, "findings": []}'


class Case(NamedTuple):
    """An input of `files` by name, and two workloads to ask about.

    `is_readable` says whether the change leaves YAML; where it does not, that a document could not be read is right.
    """

    name: str
    files: dict[str, str]
    is_readable: bool
    pair: tuple[str, str] = (_WEB, _DB)


def _is_readable(text: str) -> bool:
    parsed = parse_text(text.encode(), objects_only=False)
    return not any(placed.document.broken for placed in parsed.documents)


def of_kinds(fields: Iterable[Field], changes: Sequence[Change]) -> Iterator[Case]:
    """Fields of manifests; the changes are taken in turn. What leaves no object stands in a file with the rest."""
    for number, field, change in zip(count(), fields, cycle(changes), strict=False):
        kind = field.kind[2]
        text, beside = changed(field.document, field.way, change), "---\n".join(map(_text, field.beside))
        readable = _is_readable(text)
        alone = readable and beside and not parse_text(text.encode(), objects_only=True).passed_over
        files = {"x.yaml": text, "y.yaml": beside} if alone else {"x.yaml": f"{text}---\n{beside}"}
        pair = (_WEB, _DB)
        if "template" in repr(field.document):
            pair = (f"shop/{field.document['metadata']['name']}[{kind}]", _WEB if kind == "StatefulSet" else _DB)
        name = f"{kind} {field.way} {change}"
        yield Case(name, files, readable, pair if number % 2 else pair[::-1])


def of_files(fields: Iterable[tuple[str, Way]], changes: Sequence[Change]) -> Iterator[Case]:
    """Fields of the files of a kustomization, or of a configuration; those of patches are also written inline."""
    texts = {name: text_of(_root(name)) for name in KUSTOMIZATION}
    for (name, way), change in zip(fields, cycle(changes), strict=False):
        text = changed(_root(name), way, change)
        case, readable = f"{name} {way} {change}", _is_readable(text)
        if name in CONFIGURATION:
            yield Case(case, {"x.yaml": _core(), "baseline.json": _BASELINE, name: text}, readable)
            continue
        yield Case(case, {"core.yaml": _core(), **texts, name: text}, readable)
        if name != KUSTOMIZATION[0]:
            inline = text_of({"resources": ["core.yaml"], **_written_in(name, text)})
            readable = _is_readable(inline)
            yield Case(f"inline {case}", {"core.yaml": _core(), KUSTOMIZATION[0]: inline}, readable)


def fields_of(names: Sequence[str]) -> list[tuple[str, Way]]:
    """The fields of files that lie here."""
    return [(name, way) for name in names for way in ways(_root(name))]


@cache
def _root(name: str) -> Any:
    (root,) = documents(HERE / name)
    return root


@cache
def _core() -> str:
    return "---\n".join(map(_text, documents(HERE / "world" / "core.yaml")))


def _written_in(name: str, text: str) -> dict[str, Any]:
    if name == "operations.yaml":
        return {"patches": [{"patch": text, "target": {"kind": "Deployment"}}]}
    return {"patches": [{"patch": text}], "patchesStrategicMerge": [text]}


def _text(document: Any) -> str:
    return f"{json.dumps(document)}\n"
