"""`configMapGenerator` and `secretGenerator`: objects of literals and files, whose names end in a hash of what they hold."""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
from codecs import BOM_UTF8
from collections.abc import Iterator

from kubeqed.build.directory import Directory
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.transformers.text import concat
from kubeqed.build.node import INCLUDED, Entries, OriginNode
from kubeqed.build.refusal import RefusalCause, RefusalError
from kubeqed.parse import Document, PlacedDocument, Through, pack

_LINE = 70  # characters of base64, as the tool breaks them
_GLYPHS = str.maketrans("013ae", "ghkmt")
_BLANKS = b" \t\n\v\f\r\x85\xa0"

Pairs = dict[str, tuple[bytes, OriginNode]]


def generate(entry: OriginNode, options: OriginNode | None, kind: str, directory: Directory) -> BuildResource:
    """The object of one entry; `options` are the kustomization's `generatorOptions`."""
    name = entry.entries.get("name")
    if name is None or not name.text:
        raise RefusalError("a configmap must have a name", entry.place)
    metadata: Entries = {"name": name.like(name.value)}
    if (namespace := entry.get("namespace")) is not None and namespace.text:
        metadata["namespace"] = namespace.like(namespace.value)
    root = entry.like({"apiVersion": entry.like("v1"), "kind": entry.like(kind), "metadata": entry.like(metadata)})
    if kind == "Secret":
        type_ = entry.get("type") or entry.like("Opaque")
        root.entries["type"] = type_.like(type_.value or "Opaque")
    _fill_data(root, _read_pairs(entry, directory), is_secret=kind == "Secret")
    _set_options(root, entry.get("options"), options)
    hashed = not any(
        one is not None and one.text_at("disableNameSuffixHash") == "true" for one in (entry.get("options"), options)
    )
    return BuildResource(root, entry.text_at("behavior") or "unspecified", needs_hash=hashed)


def _fill_data(root: OriginNode, pairs: Pairs, *, is_secret: bool) -> None:
    if is_secret:
        root.entries["data"] = root.like(
            {key: by.like(_encode_base64(value)) for key, (value, by) in sorted(pairs.items())}
        )
        return
    for key, (value, by) in sorted(pairs.items()):
        try:
            field, text = "data", value.decode()
        except UnicodeDecodeError:
            field, text = "binaryData", _encode_base64(value)
        root.entries.setdefault(field, root.like({})).entries[key] = by.like(text)


def _encode_base64(value: bytes) -> str:
    """Base64 as the tool breaks it into lines: none for a short text."""
    text = base64.b64encode(value).decode()
    if len(text) <= _LINE and len(text) // _LINE == 0:
        return text
    return "".join(f"{text[start : start + _LINE]}\n" for start in range(0, len(text), _LINE))


def _set_options(root: OriginNode, own: OriginNode | None, general: OriginNode | None) -> None:
    """Labels, annotations and `immutable`; an entry's own come before those of `generatorOptions`."""
    for field in ("labels", "annotations"):
        given = [one.get(field) for one in (general, own) if one is not None]
        pairs = {key: value for node in given if node is not None for key, value in node.entries.items()}
        if pairs:
            root.entries["metadata"].entries[field] = root.like({key: pairs[key].copy() for key in sorted(pairs)})
    fixed = next(
        (one.get("immutable") for one in (own, general) if one is not None and one.text_at("immutable") == "true"), None
    )
    if fixed is not None:
        root.entries["immutable"] = fixed.like(True)


def _read_pairs(entry: OriginNode, directory: Directory) -> Pairs:
    """The keys and values of all sources; a RefusalError for a key that two of them give."""
    pairs: Pairs = {}
    for key, value, by in (*_from_env(entry, directory), *_from_literals(entry), *_from_files(entry, directory)):
        if key in pairs:
            raise RefusalError(f"configmap {entry.text_at('name')} illegally repeats the key `{key}`", by.place)
        pairs[key] = (value, by)
    return pairs


def _from_literals(entry: OriginNode) -> Iterator[tuple[str, bytes, OriginNode]]:
    """`key=value`, of which quotes around the whole value are taken off; what is to be held is not quoted."""
    for item in entry.items_at("literals"):
        key, sign, value = item.text.partition("=")
        if not key or not sign:
            raise RefusalError("invalid literal source, expected key=value", item.place)
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        yield key, value.encode("utf-8", "surrogatepass"), item


def _from_files(entry: OriginNode, directory: Directory) -> Iterator[tuple[str, bytes, OriginNode]]:
    """`path` or `key=path`; the key is the name of the file by default."""
    for item in entry.items_at("files"):
        key, sign, path = item.text.partition("=")
        if not sign:
            key, path = posixpath.basename(item.text), item.text
        if "=" in path:
            raise RefusalError(f"source \"{item.text}\" key name or file path contains '='", item.place)
        if not key or not path:
            missing = "key name for file path" if not key else "file path for key name"
            raise RefusalError(f'missing {missing} "{path or key}" in source "{item.text}"', item.place)
        yield key, _read_content(directory, path, item), _FileLines(directory, path, item).node_at(0, 1)


def _from_env(entry: OriginNode, directory: Directory) -> Iterator[tuple[str, bytes, OriginNode]]:
    """The lines of `envs` files, and of the one that `env` names."""
    single = entry.get("env")
    for item in (*entry.items_at("envs"), *([single] if single is not None and single.text else [])):
        content = _read_content(directory, item.text, item)
        lines = _FileLines(directory, item.text, item)
        for number, line in enumerate(content.split(b"\n")):
            text = (line.removesuffix(b"\r") if number else line.removesuffix(b"\r").removeprefix(BOM_UTF8)).lstrip(
                _BLANKS
            )
            if text and not text.startswith(b"#"):
                key, _, value = text.partition(b"=")
                yield key.decode("utf-8", "replace"), value, lines.node_at(number, len(line))


class _FileLines:
    """The lines of a file that an entry takes in, as places of values."""

    def __init__(self, directory: Directory, path: str, item: OriginNode) -> None:
        file = directory.files.printed(directory.reachable(path))
        self._source = PlacedDocument(file, 0, Document(None, pack(0, 0, 1)))
        self._through = (Through(item.place, INCLUDED),)

    def node_at(self, line: int, width: int) -> OriginNode:
        """A node that stands at a line, from 0, and came through the entry."""
        node = OriginNode(None, self._source, pack(line, 0, width))
        node.copied = self._through
        return node


def _read_content(directory: Directory, path: str, item: OriginNode) -> bytes:
    try:
        return directory.content(path)
    except RefusalError as error:
        raise RefusalError(error.reason, item.place, error.cause) from None


def absorb(resources: ResourceMap, new: BuildResource) -> None:
    """Adds a generated object, or merges it into the one of its name, as its behavior says (resmap.AbsorbAll)."""
    wanted = new.current_id
    found = resources.called(wanted)
    merges = new.behavior in ("merge", "replace")
    if len(found) > 1:
        raise RefusalError(f"found multiple objects that could accept merge of {wanted}")
    if not found:
        if merges:
            raise RefusalError(f"id {wanted} does not exist; cannot merge or replace", cause=RefusalCause.OBJECT)
        resources.append(new)
        return
    if not merges:
        reason = f"id {wanted} exists; can not use behavior: '{new.behavior}', behavior must be merge or replace"
        raise RefusalError(reason)
    if new.behavior == "merge":
        _merge_data(found[0].tree, new.tree)
        new.trail, new.made_in = list(found[0].trail), found[0].made_in  # it still comes from where the old one did
    new.met = found[0].met
    _take_over(found[0], new)
    resources.replace(found[0], new)


def _merge_data(old: OriginNode, new: OriginNode) -> None:
    """The old data under the new; of a Secret with what it writes as plain text."""
    strings = old.entries_at("stringData") if new.text_at("kind") == "Secret" else {}
    encoded = {key: value.like(_encode_base64(value.text.encode())) for key, value in strings.items()}
    for field in ("data", "binaryData"):
        merged = {key: value.like(value.text) for key, value in old.entries_at(field).items()}
        if field == "data":
            merged |= encoded
        merged |= new.entries_at(field)
        new.entries.pop(field, None)
        if merged:
            new.entries[field] = new.like(merged)


def _take_over(old: BuildResource, new: BuildResource) -> None:
    """What the new object has from the old one: its metadata, the new one's labels over it, and its history."""
    metadata = new.tree.entries["metadata"]
    for field in ("labels", "annotations"):
        both = {**old.tree.entries_at("metadata", field), **metadata.entries_at(field)}
        merged = {key: value.like(value.text) for key, value in both.items()}
        metadata.entries.pop(field, None)
        if merged:
            metadata.entries[field] = metadata.like(merged)
    for field in ("name", "namespace"):
        kept = old.tree.get("metadata", field)
        metadata.entries.pop(field, None)
        if kept is not None:
            metadata.entries[field] = kept.copy()
    new.previous, new.prefixes, new.suffixes = list(old.previous), list(old.prefixes), list(old.suffixes)
    new.variables, new.layers = list(old.variables), list(old.layers)
    new.needs_hash = old.needs_hash and new.needs_hash
    new.behavior = old.behavior


def add_hash(resource: BuildResource) -> None:
    """Appends the hash of what a generated object holds to its name (kustomize's hasher)."""
    name = resource.tree.get("metadata", "name")
    if name is None:
        raise RefusalError("missing metadata.name in object", resource.tree.place)
    digest = hashlib.sha256(_hashed_text(resource.tree).encode("utf-8", "surrogatepass")).hexdigest()[:10]
    resource.remember_id()
    resource.set_metadata("name", name.like(concat([name.scalar, f"-{digest.translate(_GLYPHS)}"])))


def _hashed_text(root: OriginNode) -> str:
    """The JSON that the tool hashes. Its reader of the name finds nothing, so that this is always empty."""
    kind = root.text_at("kind")
    values = {"kind": kind, "name": "", "data": _to_plain(root.get("data"))}
    if kind == "Secret":
        values["type"] = root.text_at("type")
    more = "stringData" if kind == "Secret" else "binaryData"
    if isinstance(extra := _to_plain(root.get(more)), dict):
        values[more] = extra
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _to_plain(node: OriginNode | None) -> object:
    if node is None:
        return ""
    return {key: value.text for key, value in node.entries.items()} if isinstance(node.value, dict) else node.text
