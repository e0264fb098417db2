"""What kustomizations change in the objects that they reach, told from their patches. Nothing is rendered.

https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Files
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from kubeqed.build.linear_pattern import CostlyPatternError, LinearPattern
from kubeqed.diagnostic import ObjectKey
from kubeqed.late_pattern import compile_late
from kubeqed.model.units.kustomize.kustomization import Kustomization
from kubeqed.model.units.read import Manifest
from kubeqed.model.values.fields import apply_default, may_be_set, read_field, read_list, unknown_below
from kubeqed.parse import Fresh, Mapping, Sequence, Unknown, Value, parse, split_path
from kubeqed.sources import SourceFile

Steps = tuple[str | int, ...]

_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")
_ANY = ".*"
_WORD = compile_late(r"[A-Za-z][A-Za-z0-9]*\Z")
_COUNT: Steps = ("spec", "replicas")  # says nothing of the fields beside it
_WHOLE: Steps = ()
_NAME: Steps = ("metadata", "name")


class KustomizeChange(NamedTuple):
    """Fields that the kustomization `by` may change, of objects whose kind and name match, with all that lies below them.

    `kind` and `name` are regular expressions for the whole of them, as in the target of a patch. `decides` says that a
    field may also settle what stands beside it, as `type` does.
    """

    by: str
    kind: str = _ANY
    name: str = _ANY
    fields: tuple[Steps, ...] = (_WHOLE,)
    decides: bool = False

    def concerns(self, key: ObjectKey) -> bool:
        """Whether it is for the object."""
        return _matches_pattern(self.kind, key.kind) and _matches_pattern(self.name, key.name or "")

    def reaches(self, path: str, *, beside: bool) -> bool:
        """Whether it may change the field at `path`, or, with `beside`, one that decides what may stand there.

        With `beside` it may also add to the field, which may be too empty.
        """
        found = tuple(split_path(path))
        if beside and any(changed[: len(found)] == found for changed in self.fields if changed != _COUNT):
            return True
        return any(found[: len(upper)] == upper for upper in self._list_upper(beside=beside))

    def _list_upper(self, *, beside: bool) -> Iterator[Steps]:
        for changed in self.fields:
            yield changed[:-1] if beside and self.decides and changed != _COUNT else changed


def find_changes(kustomization: Kustomization, manifests: Files[str, Manifest]) -> Iterator[KustomizeChange]:
    """What the kustomization changes; `manifests` are by real path. What is unknown in it may change anything."""
    root, by = kustomization.root, kustomization.placed.file
    for key in _PATCHES:
        for item in _list_items(root, key):
            target = None if isinstance(item, str) else read_field(item, "target")
            yield from _read_patch(by, target, _read_contents(kustomization, item, manifests))
    for item in _list_items(root, "replacements"):
        yield from _read_replacement(by, item, _read_contents(kustomization, item, manifests))
    if _list_items(root, "transformers"):
        yield KustomizeChange(by)
    if may_be_set(root, "namespace"):
        yield KustomizeChange(by, fields=(("metadata", "namespace"),))
        yield KustomizeChange(by, kind="Namespace", fields=(_NAME,))
    if may_be_set(root, "namePrefix") or may_be_set(root, "nameSuffix"):
        yield KustomizeChange(by, fields=(_NAME,))
    labelled = [
        *_list_labelled(root, "commonLabels"),
        *(one for item in _list_items(root, "labels") for one in _list_selected(item)),
    ]
    if labelled:
        yield KustomizeChange(by, fields=tuple(labelled))


def find_outside_changes(kustomization: Kustomization) -> Iterator[KustomizeChange]:
    """What may be changed by a kustomization outside the input: a Component is built only as a part of one."""
    kind = kustomization.root.get("kind")
    if isinstance(kind, str) and kind == "Component":
        yield KustomizeChange(f"what includes {kustomization.placed.file}")


def _read_patch(by: str, target: Value, contents: list[Value]) -> Iterator[KustomizeChange]:
    for root in contents or [unknown_below(target, "patch")]:
        if isinstance(root, Sequence):
            yield _make_change(by, target, tuple(_split_pointer(read_field(item, "path")) for item in _list_all(root)))
        elif isinstance(target, Mapping | Unknown) or not isinstance(root, Mapping):
            yield _make_change(by, target, tuple(_list_leaves(root, _WHOLE)))
        else:
            name = read_field(read_field(root, "metadata"), "name")
            yield KustomizeChange(
                by,
                _quote_pattern(root.get("kind")),
                _quote_pattern(name),
                tuple(_list_leaves(root, _WHOLE)),
                decides=True,
            )


def _read_replacement(by: str, item: Value, contents: list[Value]) -> Iterator[KustomizeChange]:
    """Of one entry: written here, or in a file that holds one or several."""
    here = not may_be_set(item, "path") or may_be_set(item, "targets")
    for root in [item] if here else contents or [unknown_below(item, "path")]:
        for entry in _list_all(root) if isinstance(root, Sequence) else [root]:
            for target in _list_items(entry, "targets"):
                fields = tuple(_split_dotted(path) for path in _list_items(target, "fieldPaths"))
                yield _make_change(by, read_field(target, "select"), fields)


def _make_change(by: str, target: Value, fields: tuple[Steps, ...]) -> KustomizeChange:
    kind, name = read_field(target, "kind"), read_field(target, "name")
    return KustomizeChange(
        by, kind if isinstance(kind, str) else _ANY, name if isinstance(name, str) else _ANY, fields, decides=True
    )


def _read_contents(kustomization: Kustomization, item: Value, manifests: Files[str, Manifest]) -> list[Value]:
    """The documents of a patch, written here or in a file; none when they are not to be had."""
    text = item if isinstance(item, str) else apply_default(read_field(item, "patch"), read_field(item, "path"))
    if not isinstance(text, str):
        return []
    if "\n" in text or text.startswith(("[", "{")):
        placed = parse(SourceFile(kustomization.placed.file, text.encode())).documents
    else:
        manifest = manifests.get(kustomization.local(text))
        placed = manifest.contents() if manifest else ()
    return [found.document.root for found in placed if not found.document.broken]


def _list_leaves(root: Value, above: Steps) -> Iterator[Steps]:
    """The fields that a patch sets; a list is one, and a directive such as `$patch` is for all beside it."""
    if not isinstance(root, Mapping) or root.open or any(key.startswith("$") for key in root):
        yield above
        return
    for key, value in root.items():
        here = (*above, key)
        if here not in (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace")):
            yield from _list_leaves(value, here)


def _split_pointer(pointer: Value) -> Steps:
    if not isinstance(pointer, str):
        return _WHOLE
    return _take_plain_steps([step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]])


def _split_dotted(path: Value) -> Steps:
    return _take_plain_steps(path.split(".")) if isinstance(path, str) else _WHOLE


def _take_plain_steps(path: list[str]) -> Steps:
    """The steps down to the first that is no plain field: an index, a wildcard, a key of a map."""
    end = next((index for index, step in enumerate(path) if not _WORD.match(step)), len(path))
    return tuple(path[:end])


def _list_selected(item: Value) -> Iterator[Steps]:
    reaches = [read_field(item, "includeSelectors"), read_field(item, "includeTemplates")]
    if any(value is True or isinstance(value, Unknown) for value in reaches):
        yield from _list_labelled(item, "pairs")


def _list_labelled(root: Value, key: str) -> Iterator[Steps]:
    """The fields that a map of labels is written to."""
    labels = read_field(root, key)
    if isinstance(labels, Mapping):
        yield from chain.from_iterable(map(_list_label_places, labels))
    if isinstance(labels, Unknown) or (isinstance(labels, Mapping) and labels.open):
        yield from _list_label_places()


def _list_label_places(*key: str) -> Iterator[Steps]:
    yield "spec", "selector", *key
    yield "spec", "selector", "matchLabels", *key
    yield "spec", "template", "metadata", "labels", *key


def _list_items(root: Value, key: str) -> list[Value]:
    """The items of a list; an unknown one for those that the input does not show."""
    found = read_list(root, key, lambda item, _: item)
    return [*found, found.more] if found.more is not None else [*found]


def _list_all(items: Sequence) -> list[Value]:
    return [*items, Unknown(Fresh("items"), "items")] if items.open else [*items]


def _quote_pattern(text: Value) -> str:
    return re.escape(text) if isinstance(text, str) else _ANY


@lru_cache(maxsize=256)
def _compile_pattern(pattern: str) -> LinearPattern:
    return LinearPattern(pattern)


def _matches_pattern(pattern: str, text: str) -> bool:
    try:
        return _compile_pattern(pattern or _ANY).fullmatch(text) is not None
    except (re.error, RecursionError, OverflowError, CostlyPatternError):
        return True
