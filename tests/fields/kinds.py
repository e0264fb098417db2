"""The fields of every kind that kubeqed knows, from its own tables and schemas, and documents to put them into."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, NamedTuple
from zlib import crc32

from tests.fields.written import Way, found

from kubeqed import apiserver
from kubeqed.apiserver import kinds as validators
from kubeqed.apiserver.crd.schema import Schema, load_resource
from kubeqed.apiserver.decode.table import fields_of, type_of, versions_of
from kubeqed.model.kinds.builtin import BUILTIN
from kubeqed.model.kinds.registry import is_modelled
from kubeqed.parse import Unknown, Value, parse
from kubeqed.sources import SourceFile

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "apiserver" / "sample"
_SCALARS = {"s": "web", "b": True, "q": "1", "t": "2024-01-01T00:00:00Z", "y": "YQ==", "a": {"app": "web"}, "p": 80}
_TEMPLATE = "core.v1.PodTemplateSpec"

Kind = tuple[str, str, str]  # group, version, kind


class Field(NamedTuple):
    """A field of a kind, and a document to put it into."""

    kind: Kind
    document: Any
    way: Way
    beside: tuple[Any, ...]


def documents(file: Path) -> list[Any]:
    """The documents of a file of manifests."""
    return [_plain(placed.document.root) for placed in parse(SourceFile(str(file), file.read_bytes())).documents]


def _plain(value: Value) -> Any:
    if isinstance(value, dict):
        return {key: _plain(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_plain(below) for below in value]
    return value.text if isinstance(value, Unknown) else value


@cache
def all_fields() -> tuple[Field, ...]:
    """Every field of every kind: in each document that has it, and else in one of the documents in turn."""
    return tuple(_all_fields())


def _all_fields() -> Iterator[Field]:
    kinds = sorted(_all_kinds())
    sharing = [kind for kind in kinds if any(way[-3:] == ("template", "spec", "containers") for way in _known(kind))]
    for kind in kinds:
        bases = [*_world(kind), *_samples(kind)]
        for base, beside in bases:
            yield from (Field(kind, base, way, beside) for way in ways(base))
        own = {way for base, _ in bases for way in ways(base)}
        bases.append((_filled(kind), ()))
        for number, way in enumerate(way for way in _own(kind, sharing) if way not in own):
            base, beside = bases[number % len(bases)]
            yield Field(kind, base, way, beside)


def ways(tree: Any, above: Way = ()) -> Iterator[Way]:
    """The way to everything in a tree."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, below in entries:
        yield (*above, step)
        yield from ways(below, (*above, step))


def kind_of(document: Any) -> Kind:
    """Group, version and kind."""
    group, _, version = document["apiVersion"].rpartition("/")
    return group, version, document["kind"]


@cache
def _worlds() -> dict[str, list[Any]]:
    return {file.stem: documents(file) for file in sorted((HERE / "world").glob("*.yaml"))}


def _world(kind: Kind) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Documents of a kind from the worlds, each with what stands beside it."""
    for stem, found_ in _worlds().items():
        beside = _worlds()["core"] if stem == "core" else [*_worlds()["core"], *found_]
        for document in found_:
            if kind_of(document) == kind:
                yield document, tuple(other for other in beside if other is not document)


def _samples(kind: Kind) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """The fullest document of a kind among the samples of what a server says."""
    of_kind = [one for one in _all_samples() if kind_of(one) == kind]
    if of_kind:
        beside = tuple(_worlds()["core"]) if is_modelled(kind[0], kind[2]) else ()
        yield max(of_kind, key=lambda one: len([*ways(one)])), beside


@cache
def _all_samples() -> list[Any]:
    every = [one for file in sorted(SAMPLE.glob("*.yaml")) for one in documents(file)]
    return [one for one in every if isinstance(found(one, ("apiVersion",)), str) and isinstance(one.get("kind"), str)]


def _all_kinds() -> set[Kind]:
    """The newest version of each kind, each that has a validator of its own, and those of the worlds."""
    newest = {
        (group, next(iter(versions_of(group, kind))), kind) for group, kind in BUILTIN if versions_of(group, kind)
    }
    judged = (
        getattr(import_module(f"{validators.__name__}.{one.name}"), "KINDS", {})
        for one in iter_modules(validators.__path__)
    )
    known = {*newest, *(kind for kinds in judged for kind in kinds)}
    for name in _customs():
        what = load_resource(name)
        known |= {(what.group, version, what.kind) for version in what.versions}
    return known | {kind_of(document) for world in _worlds().values() for document in world}


def _customs() -> list[str]:
    return [file.name.split(".")[1] for file in (Path(apiserver.__path__[0]) / "data").glob("custom.*.json")]


def _own(kind: Kind, sharing: list[Kind]) -> Iterator[Way]:
    """The fields of a kind, but of those of the pod template only its share: they are read in one way for all kinds."""
    for way in dict.fromkeys(_known(kind)):
        below = repr(way[way.index("template") :]).encode() if "template" in way and kind in sharing else b""
        if not below or sharing[crc32(below) % len(sharing)] == kind:
            yield way


@cache
def _known(kind: Kind) -> tuple[Way, ...]:
    """The fields that the tables or the schema of a kind have."""
    return tuple(_read(kind))


def _read(kind: Kind) -> Iterator[Way]:
    group, version, name = kind
    served = type_of(group, version, name)
    if served is not None:
        yield from _of_type(served.code, ())
    elif name.lower() in _customs():
        yield from _of_schema(load_resource(name.lower()).versions.get(version, [{}])[0], ())


def _of_type(code: str, above: Way, on_the_way: tuple[str, ...] = ()) -> Iterator[Way]:
    if code[0] in "*%":
        step: str | int = 0 if code[0] == "*" else "app"
        yield (*above, step)
        yield from _of_type(code[1:], (*above, step), on_the_way)
    elif len(code) > 1 and code not in on_the_way:
        for name, field in fields_of(code).items():
            yield (*above, name)
            yield from _of_type(field.code, (*above, name), (*on_the_way, code))


def _of_schema(schema: Schema, above: Way) -> Iterator[Way]:
    for name, below in schema.get("properties", {}).items():
        yield (*above, name)
        yield from _of_schema(below, (*above, name))
    for key, step in (("items", 0), ("additionalProperties", "app")):
        if isinstance(schema.get(key), dict):
            yield (*above, step)
            yield from _of_schema(schema[key], (*above, step))


def _filled(kind: Kind) -> Any:
    """A document of a kind with all its fields, or with none where they are not known."""
    group, version, name = kind
    served = type_of(group, version, name)
    tree = _value(served.code, ()) if served is not None else {}
    api_version = f"{group}/{version}" if group else version
    return {**tree, "apiVersion": api_version, "kind": name, "metadata": {"name": "web", "namespace": "shop"}}


def _value(code: str, on_the_way: tuple[str, ...]) -> Any:
    if code[0] == "*":
        return [_value(code[1:], on_the_way)]
    if code[0] == "%":
        return {"app": _value(code[1:], on_the_way)}
    if len(code) == 1:
        return _SCALARS.get(code, 1)
    if code in on_the_way:
        return {}
    return {name: _value(field.code, (*on_the_way, code)) for name, field in fields_of(code).items()}
