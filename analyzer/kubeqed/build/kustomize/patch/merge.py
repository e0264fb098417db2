"""Strategic merge patches as kustomize merges them (kyaml's merge2 and walk): lists by their keys, new items first."""

from __future__ import annotations

from kubeqed.build.kustomize.tables import merge_keys
from kubeqed.build.node import Items, OriginNode, put
from kubeqed.build.refusal import RefusalCause, RefusalError, node_kind

_DIRECTIVE = "$patch"
_DIRECTIVES = ("replace", "delete", "merge")

Type = int | None


def merge_patch(base: OriginNode, patch: OriginNode) -> OriginNode | None:
    """The base as the patch changes it, None when the patch deletes it; both trees are used up.

    A RefusalError when the patch does not fit.
    """
    return _merge_nodes(base, patch, None, None)


def share_list(base: OriginNode | None, patch: OriginNode) -> bool:
    """Whether both have a list at one path, so that the schema says whether its items are merged."""
    if base is None:
        return False
    if base.items and patch.items:
        return True
    return any(share_list(base.entries.get(key), node) for key, node in patch.entries.items())


def _merge_nodes(
    base: OriginNode | None, patch: OriginNode | None, type_: Type, keys: list[str] | None
) -> OriginNode | None:
    """`type_` is that of the value, or of a list's items; `keys` are those by which the items of a list merge."""
    first = next((node for node in (base, patch) if node is not None and node.value is not None), None)
    if first is None or isinstance(first.value, dict):
        _check_type(base, patch, dict, "MappingNode")
        return _merge_mapping(base, patch, _type_of(base, patch) if type_ is None else type_)
    if isinstance(first.value, list):
        _check_type(base, patch, list, "SequenceNode")
        return _merge_list(base, patch, type_, keys)
    for node in (base, patch):
        if node is not None and not node.is_scalar:
            raise _wrong_kind("ScalarNode", node)
    if base is not None and patch is not None and base.is_quoted:  # the tool keeps the quotes (kyaml's FieldSetter)
        patch.value = patch.as_written
    return patch if patch is not None else base


def _check_type(base: OriginNode | None, patch: OriginNode | None, wanted: type, name: str) -> None:
    for node in (base, patch):
        if node is not None and node.value is not None and not isinstance(node.value, wanted):
            raise _wrong_kind(name, node)


def _wrong_kind(wanted: str, node: OriginNode) -> RefusalError:
    return RefusalError(
        f"wrong node kind: expected {wanted} but got {node_kind(node)}", node.place, RefusalCause.OBJECT
    )


def _type_of(*nodes: OriginNode | None) -> Type:
    """The type of what says its `apiVersion` and `kind`."""
    for node in nodes:
        if node is not None and (kind := node.text_at("kind")) and (version := node.text_at("apiVersion")):
            found = merge_keys()[1].get(f"{version} {kind}")
            if found is not None:
                return found
    return None


def _merge_mapping(base: OriginNode | None, patch: OriginNode | None, type_: Type) -> OriginNode | None:
    """Merges two mappings, or makes one where only one is there."""
    if base is None or base.value is None:
        if _take_directive(patch, strict=False) == "delete":
            return None
        if patch is None:
            return base if base is not None and not base.is_blank else None  # `null` stays, nothing does not
        result = patch
    elif patch is not None and patch.value is None:
        return None
    else:
        directive = _take_directive(patch)
        if directive == "delete":
            return None
        result = patch if directive == "replace" and patch is not None else base
    _merge_entries(result, patch, type_)
    return result


def _merge_entries(result: OriginNode, patch: OriginNode | None, type_: Type) -> None:
    """Merges entry by entry into `result`, which may be the patch itself: then its directives and nulls are worked off."""
    if not isinstance(result.value, dict):
        return
    fields = merge_keys()[0][type_] if type_ is not None else {}
    theirs = patch.entries if patch is not None else {}
    for key in [*result.value, *(key for key in theirs if key not in result.value)]:
        keys, inner = fields.get(key) or fields.get("*") or (None, None)
        old = result.value.get(key)
        merged = _merge_nodes(old, theirs.get(key), inner, keys)
        if merged is None or (merged.value is None and key in theirs):
            result.value.pop(key, None)
        elif merged is not old:
            _set_entry(result, key, merged)
    if patch is not None:
        result.is_open |= patch.is_open


def _set_entry(result: OriginNode, key: str, merged: OriginNode) -> None:
    """Sets an entry; a scalar is changed where it stands, for it may stand elsewhere, too."""
    old = result.entries.get(key)
    if old is not None and old.is_scalar and old.value is not None and merged.is_scalar:
        put(old, merged)
    else:
        result.set(key, merged)


def _take_directive(patch: OriginNode | None, *, strict: bool = True) -> str:
    """The `$patch` of a mapping, taken out of it."""
    found = patch.entries.get(_DIRECTIVE) if patch is not None else None
    if patch is None or found is None:
        return "merge"
    if found.text not in _DIRECTIVES:
        if not strict:
            return "merge"
        raise RefusalError(f"unknown patch strategy '{found.text}'", found.place)
    del patch.entries[_DIRECTIVE]
    return found.text


def _take_list_directive(patch: OriginNode | None) -> str:
    """The `$patch` of an item that says nothing else, taken out of the list."""
    items = patch.items if patch is not None else []
    first = next((item for item in items if _DIRECTIVE in item.entries), None)
    if patch is None or first is None or len(first.entries) > 1:
        return "merge"
    found = first.entries[_DIRECTIVE]
    if found.text not in _DIRECTIVES:
        raise RefusalError(f"unknown patch strategy '{found.text}'", found.place)
    patch.value = [item for item in items if item.text_at(_DIRECTIVE) != found.text]
    return found.text


def _merge_list(
    base: OriginNode | None, patch: OriginNode | None, type_: Type, keys: list[str] | None
) -> OriginNode | None:
    """Merges two lists: without keys the patch's replaces the base's."""
    if keys is None:
        return patch if patch is not None else base
    if base is None or base.value is None:
        result = patch
    elif patch is not None and patch.value is None:
        return None
    else:
        directive = _take_list_directive(patch)
        if directive == "delete":
            return None
        result = patch if directive == "replace" else base
    if result is None:
        return None
    if patch is not None:
        result.is_open |= patch.is_open
    return _merge_items(result, None if result is patch else patch, type_, keys)


def _merge_items(result: OriginNode, patch: OriginNode | None, type_: Type, keys: list[str]) -> OriginNode | None:
    """A list of which each item has its keys; `patch` is None where the result is the patch itself."""
    sources = [patch or result, result]
    if keys == [""]:
        values: list[tuple[str, ...]] = list(dict.fromkeys((item.text,) for source in sources for item in source.items))
    else:
        values = _values_of(sources, keys)
    added: Items = []
    used: list[str] = keys
    for value in values:
        used, wanted = _used_keys(values, value, keys)
        merged = _merge_item(sources, result, used, wanted, type_)
        if merged is not None:
            _put_item(added, merged, used, wanted)
    if values:
        result.value = _with_rest(added, result.items, used)
    return result


def _merge_item(
    sources: list[OriginNode], result: OriginNode, keys: list[str], values: tuple[str, ...], type_: Type
) -> OriginNode | None:
    """The merged item of some keys; None where the patch takes it out, of the result too."""
    theirs, ours = (_find_item(source.items, *_used_keys([values], values, keys)) for source in sources)
    merged = _merge_nodes(ours, theirs, type_, None)
    if merged is None or merged.is_empty:
        result.value = _drop_items(result.items, keys, values)
        return None
    for key, value in zip(keys, values, strict=False):
        if key and key not in merged.entries and value and isinstance(merged.value, dict):
            merged.set(key, merged.like(value))
    return merged


def _values_of(sources: list[OriginNode], keys: list[str]) -> list[tuple[str, ...]]:
    """The keys' values of each item, each once; where two items share one key and one lacks the other, both have it."""
    values = list(
        dict.fromkeys(tuple(item.text_at(key) for key in keys) for source in sources for item in source.items)
    )
    if len(keys) > 1:
        for here, one in enumerate(values):
            for there, other in enumerate(values):
                if (both := _join_values(one, other)) is not None:
                    values[here] = values[there] = both
    return values


def _join_values(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...] | None:
    """The values of two items that are one, because where they differ one of them has none."""
    if not any(a == b for a, b in zip(one, other, strict=True)):
        return None
    if any(a != b and a and b for a, b in zip(one, other, strict=True)):
        return None
    return tuple(a or b for a, b in zip(one, other, strict=True))


def _used_keys(
    values: list[tuple[str, ...]], value: tuple[str, ...], keys: list[str]
) -> tuple[list[str], tuple[str, ...]]:
    """The keys that any item has, with the values of one."""
    present = {keys[number] for one in values for number, text in enumerate(one) if text and number < len(keys)}
    if not present:
        return keys, value
    used = [key for key in keys if key in present]
    return used, tuple(text for number, text in enumerate(value) if text or keys[number] in present)


def _find_item(items: Items, keys: list[str], values: tuple[str, ...]) -> OriginNode | None:
    """The first item whose keys have the values."""
    if keys[0] == "":
        return next((item for item in items if item.text == values[0]), None)
    wanted = list(zip(keys, values, strict=False))
    return next((item for item in items if all(k in item.entries and item.text_at(k) == v for k, v in wanted)), None)


def _matches_item(item: OriginNode, keys: list[str], values: tuple[str, ...]) -> bool:
    """Whether an item has those of the keys for which there is a value, any where that is empty."""
    if keys[0] == "":
        return item.is_scalar and item.text == values[0]
    return bool(values) and all(
        key in item.entries and value in ("", item.text_at(key)) for key, value in zip(keys, values, strict=False)
    )


def _put_item(items: Items, item: OriginNode, keys: list[str], values: tuple[str, ...]) -> None:
    """Puts an item in the place of those with its keys, or at the end; one without any takes the place of all."""
    found = any(_matches_item(one, keys, values) for one in items)
    kept = [item if _matches_item(one, keys, values) else one for one in items if _is_element(one)] if values else []
    items[:] = kept if found else [*kept, item]


def _drop_items(items: Items, keys: list[str], values: tuple[str, ...]) -> Items:
    return [one for one in items if _is_element(one) and not _matches_item(one, keys, values)] if values else []


def _is_element(item: OriginNode) -> bool:
    return not item.is_empty


def _with_rest(added: Items, rest: Items, keys: list[str]) -> Items:
    """The added items, then those of the list that are not among them; of the others the list's own are taken."""
    for item in rest:
        missing = [key for key in keys if key and (key not in item.entries or item.entries[key].value is None)]
        added.extend([item] * len(missing))
        values = (item.text,) if keys[0] == "" else tuple(item.text_at(key) for key in keys if key not in missing)
        if len(keys) > 1:
            added[:] = _drop_items(added, keys, values)
        _put_item(added, item, keys, values)
    return added
