"""What kustomizations change in the objects that they reach, told from their patches. Nothing is rendered.

https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Files
from typing import NamedTuple

from kubeqed.diagnostic import ObjectKey
from kubeqed.model.fields import field
from kubeqed.model.kustomization import Kustomization
from kubeqed.model.read import Manifest
from kubeqed.parse import Mapping, Sequence, Value, parse, steps
from kubeqed.sources import SourceFile

Steps = tuple[str | int, ...]

_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")
_ANY = ".*"
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*\Z")
_COUNT: Steps = ("spec", "replicas")  # says nothing of the fields beside it


class Change(NamedTuple):
    """Fields that the kustomization `by` may change, of objects whose kind and name match; no `fields`: all of them.

    `kind` and `name` are regular expressions for the whole of them, as in the target of a patch. `decides` says that a
    field may also settle what stands beside it, as `type` does.
    """

    by: str
    kind: str = _ANY
    name: str = _ANY
    fields: tuple[Steps, ...] = ()
    decides: bool = False

    def concerns(self, key: ObjectKey) -> bool:
        """Whether it is for the object."""
        return _matches(self.kind, key.kind) and _matches(self.name, key.name or "")

    def reaches(self, path: str, *, beside: bool) -> bool:
        """Whether it may change the field at `path`, or, with `beside`, one that decides what may stand there."""
        found = tuple(steps(path))
        return not self.fields or any(found[: len(upper)] == upper for upper in self._upper(beside=beside))

    def _upper(self, *, beside: bool) -> Iterator[Steps]:
        for changed in self.fields:
            yield changed[:-1] if beside and self.decides and changed != _COUNT else changed


def changes_of(kustomization: Kustomization, manifests: Files[str, Manifest]) -> Iterator[Change]:
    """What the kustomization changes; `manifests` are by normalised path."""
    root, by = kustomization.root, kustomization.file
    for key in _PATCHES:
        for item in _items(root, key):
            yield from _patch(by, field(item, "target"), _contents(kustomization, item, manifests))
    for item in _items(root, "replacements"):
        yield from _replacement(by, item, _contents(kustomization, item, manifests))
    if field(root, "transformers"):
        yield Change(by)
    if field(root, "namespace"):
        yield Change(by, fields=(("metadata", "namespace"),))
    keys = [*_keys(root, "commonLabels"), *(key for item in _items(root, "labels") for key in _selected(item))]
    if keys:
        yield Change(by, fields=tuple(upper for key in keys for upper in _label(key)))


def _patch(by: str, target: Value, contents: list[Value]) -> Iterator[Change]:
    for root in contents or [None]:
        if isinstance(root, Sequence):
            pointers = [field(item, "path") for item in root]
            yield _at(by, target, tuple(_pointed(text) for text in pointers if isinstance(text, str)))
        elif isinstance(target, Mapping) or not isinstance(root, Mapping):
            yield _at(by, target, tuple(_leaves(root, ())))
        else:
            name = field(field(root, "metadata"), "name")
            yield Change(by, _exactly(root.get("kind")), _exactly(name), tuple(_leaves(root, ())), decides=True)


def _replacement(by: str, item: Value, contents: list[Value]) -> Iterator[Change]:
    """Of one entry: written here, or in a file that holds one or several."""
    written = [item] if field(item, "targets") else []
    for root in contents:
        written += list(root) if isinstance(root, Sequence) else [root]
    for entry in written:
        for target in _items(entry, "targets"):
            paths = [text.split(".") for text in _items(target, "fieldPaths") if isinstance(text, str)]
            yield _at(by, field(target, "select"), tuple(_plain(path) for path in paths))


def _at(by: str, target: Value, fields: tuple[Steps, ...]) -> Change:
    kind, name = field(target, "kind"), field(target, "name")
    return Change(
        by, kind if isinstance(kind, str) else _ANY, name if isinstance(name, str) else _ANY, fields, decides=True
    )


def _contents(kustomization: Kustomization, item: Value, manifests: Files[str, Manifest]) -> list[Value]:
    """The documents of a patch, written here or in a file; none when they are not to be had."""
    text = item if isinstance(item, str) else field(item, "patch") or field(item, "path")
    if not isinstance(text, str):
        return []
    if "\n" in text or text.startswith(("[", "{")):
        placed = parse(SourceFile(kustomization.file, text.encode())).documents
    else:
        manifest = manifests.get(kustomization.local(text))
        placed = manifest.documents if manifest else ()
    return [found.document.root for found in placed if not found.document.broken]


def _leaves(root: Value, above: Steps) -> Iterator[Steps]:
    """The fields that a patch sets; a list is one, and a directive such as `$patch` is for all beside it."""
    if not isinstance(root, Mapping) or any(key.startswith("$") for key in root):
        if above:
            yield above
        return
    for key, value in root.items():
        here = (*above, key)
        if here not in (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace")):
            yield from _leaves(value, here)


def _pointed(pointer: str) -> Steps:
    return _plain([step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]])


def _plain(path: list[str]) -> Steps:
    """The steps down to the first that is no plain field: an index, a wildcard, a key of a map."""
    end = next((index for index, step in enumerate(path) if not _WORD.match(step)), len(path))
    return tuple(path[:end])


def _selected(item: Value) -> list[str]:
    reaches = field(item, "includeSelectors") is True or field(item, "includeTemplates") is True
    return _keys(item, "pairs") if reaches else []


def _label(key: str) -> Iterator[Steps]:
    yield "spec", "selector", key
    yield "spec", "selector", "matchLabels", key
    yield "spec", "template", "metadata", "labels", key


def _keys(root: Value, key: str) -> list[str]:
    value = field(root, key)
    return list(value) if isinstance(value, Mapping) else []


def _items(root: Value, key: str) -> list[Value]:
    value = field(root, key)
    return list(value) if isinstance(value, Sequence) else []


def _exactly(text: Value) -> str:
    return re.escape(text) if isinstance(text, str) else _ANY


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern or _ANY, text) is not None
    except re.error:
        return True
