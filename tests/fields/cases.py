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
TOGETHER = 4
_BASELINE = '{"version": 1, "findings": []}'


class Case(NamedTuple):
    """An input of `files` by name, and two workloads to ask about.

    `is_readable` says whether the change leaves YAML; where it does not, that a document could not be read is right.
    `original` is the document before its change, `beside` are those that stand in a file of their own.
    """

    name: str
    files: dict[str, str]
    is_readable: bool
    pair: tuple[str, str] = (_WEB, _DB)
    original: str = ""
    beside: tuple[str, ...] = ()

    @property
    def world(self) -> frozenset[str]:
        """The documents that it has before the change, of which a change to one of `core.yaml` takes none away."""
        return frozenset(self.beside) | ({self.original} if self.original in _other_documents() else set())


Inputs = Sequence[Case]
"""Cases that share one directory: each changes another object, and what stands beside them is the same."""


def one_by_one(cases: Iterable[Case]) -> list[Inputs]:
    """Each case in a directory of its own."""
    return [(case,) for case in cases]


def together(cases: Iterable[Case]) -> list[Inputs]:
    """Up to four cases in a directory, where they go together."""
    waiting: dict[frozenset[str], dict[str, list[Case]]] = {}
    inputs: list[Inputs] = []
    for case in cases:
        if case.beside:
            waiting.setdefault(case.world, {}).setdefault(case.original, []).append(case)
        else:
            inputs.append((case,))
    for by_original in waiting.values():
        while left := sorted(filter(None, by_original.values()), key=len, reverse=True)[:TOGETHER]:
            inputs.append([cases.pop() for cases in left])
    return inputs


def files_of(inputs: Inputs) -> dict[str, str]:
    """The files of cases in one directory; documents that are changed in one of them stand beside none."""
    if len(inputs) == 1:
        return inputs[0].files
    originals = {case.original for case in inputs}
    beside = [text for text in inputs[0].world if text not in originals]
    changed_ = {f"x{number}.yaml": case.files["x.yaml"] for number, case in enumerate(inputs)}
    return {**changed_, "y.yaml": "---\n".join(beside)}


def _is_readable(text: str) -> bool:
    parsed = parse_text(text.encode(), objects_only=False)
    return not any(placed.document.broken for placed in parsed.documents)


def of_kinds(fields: Iterable[Field], changes: Sequence[Change]) -> Iterator[Case]:
    """Fields of manifests; the changes are taken in turn. What leaves no object stands in a file with the rest."""
    for number, field, change in zip(count(), fields, cycle(changes), strict=False):
        kind = field.kind[2]
        text, beside = changed(field.document, field.way, change), tuple(map(_text, field.beside))
        readable = _is_readable(text)
        if not readable or parse_text(text.encode(), objects_only=True).passed_over:
            text, beside = "---\n".join((text, *beside)), ()
        files = {"x.yaml": text, **({"y.yaml": "---\n".join(beside)} if beside else {})}
        pair = (_WEB, _DB)
        if "template" in repr(field.document):
            pair = (f"shop/{field.document['metadata']['name']}[{kind}]", _WEB if kind == "StatefulSet" else _DB)
        name = f"{kind} {field.way} {change}"
        original = _text(field.document) if beside else ""
        yield Case(name, files, readable, pair if number % 2 else pair[::-1], original, beside)


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
def _other_documents() -> frozenset[str]:
    """The documents of the worlds but for those of `core.yaml`."""
    files = sorted((HERE / "world").glob("*.yaml"))
    return frozenset(_text(one) for file in files if file.stem != "core" for one in documents(file))


@cache
def _core() -> str:
    return "---\n".join(map(_text, documents(HERE / "world" / "core.yaml")))


def _written_in(name: str, text: str) -> dict[str, Any]:
    if name == "operations.yaml":
        return {"patches": [{"patch": text, "target": {"kind": "Deployment"}}]}
    return {"patches": [{"patch": text}], "patchesStrategicMerge": [text]}


def _text(document: Any) -> str:
    return f"{json.dumps(document)}\n"
