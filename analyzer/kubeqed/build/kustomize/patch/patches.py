"""Patches: strategic merges and JSON patches, inline or in files (`patches`, `patchesStrategicMerge`, `patchesJson6902`)."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from kubeqed.build.directory import Directory
from kubeqed.build.kustomize.patch.json_patch import apply_operations, check_operations
from kubeqed.build.kustomize.patch.merge import merge_patch, share_list
from kubeqed.build.kustomize.resources.reading import is_resource, read_resources
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.resources.selection import select
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalError


def apply_patch(resources: ResourceMap, entry: OriginNode, directory: Directory) -> None:
    """Applies an entry of `patches` (builtins.PatchTransformer); a RefusalError where kustomize refuses it."""
    source, nodes = _load_patch(entry, directory, trimmed=True)
    target = entry.get("target")
    merges = _as_merges(nodes, source, entry)
    if merges is None:
        _apply_operations(resources, nodes[0] if nodes else None, target, source, keep_id=True)
        return
    options = entry.get("options")
    for patch in merges:
        patch.allows_name = options is not None and options.text_at("allowNameChange") == "true"
        patch.allows_kind = options is not None and options.text_at("allowKindChange") == "true"
    if target is not None and merges:
        if len(merges) > 1:
            reason = (
                "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field"
            )
            raise RefusalError(f"{reason}: {source}")
        _merge_selected(resources, list(select(resources, target)), merges[0])
        return
    for patch in merges:
        wanted = patch.current_id
        try:
            found = resources.by_id(wanted)
        except RefusalError as error:
            place = patch.tree.place
            raise RefusalError(
                f'no resource matches strategic merge patch "{wanted}": {error.reason}', place, error.cause
            ) from None
        _merge_into(found, patch)
        resources.settle()


def apply_strategic_merge(resources: ResourceMap, entry: OriginNode, directory: Directory) -> None:
    """Applies an entry of `patchesStrategicMerge`: a path, or the patch itself (builtins.PatchStrategicMergeTransformer)."""
    text = entry.text
    patches = None
    if "\n" in text or ": " in text:
        patches = [one for one in map(_patch_of, directory.inline(entry)) if one is not None]
    if not patches:
        patches = [_Patch(one.tree) for one in read_resources(directory.documents(text))]
    for patch in patches:
        _merge_selected(resources, [resources.by_id(patch.current_id)], patch)


def apply_json_patch(resources: ResourceMap, entry: OriginNode, directory: Directory) -> None:
    """Applies an entry of `patchesJson6902` (builtins.PatchJson6902Transformer); a RefusalError where kustomize refuses it."""
    target = entry.get("target")
    if target is None or not target.text_at("name"):
        raise RefusalError("must specify the target name")
    source, nodes = _load_patch(entry, directory, trimmed=False)
    operations = nodes[0] if nodes else None
    if operations is None or not operations.items:
        raise RefusalError(f"patch appears to be empty; {source}")
    _apply_operations(resources, operations, target, source, keep_id=False)


class _Patch(BuildResource):
    """A strategic merge patch, which is written like a resource."""

    allows_name = False
    allows_kind = False


def _load_patch(entry: OriginNode, directory: Directory, *, trimmed: bool) -> tuple[str, list[OriginNode]]:
    """What an entry calls its patch in messages, and the documents of it; an inline one may be trimmed of blanks first."""
    path, inline = entry.get("path"), entry.get("patch")
    if path is not None and path.text:
        if inline is not None and inline.text.strip():
            raise RefusalError("patch and path can't be set at the same time")
        _check_json(directory.content(path.text).decode("utf-8", "replace"), f'[path: "{path.text}"]')
        return f'[path: "{path.text}"]', directory.documents(path.text)
    if inline is None or not inline.text.strip():
        raise RefusalError("must specify one of patch and path")
    source = "the inline patch"
    _check_json(inline.text.strip(), source)
    return source, directory.inline(inline, trimmed=trimmed)


def _check_json(text: str, source: str) -> None:
    """The tool reads as JSON what begins like a list of it."""
    if not text.startswith("["):
        return
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        raise RefusalError(f"unable to parse SM or JSON patch from {source}") from None


def _as_merges(nodes: Sequence[OriginNode], source: str, entry: OriginNode) -> list[_Patch] | None:
    """The documents as strategic merge patches, None where they are a list of operations."""
    if nodes and not isinstance(nodes[0].value, dict):
        try:
            check_operations(nodes[0])
        except RefusalError as error:
            raise RefusalError(f"{error.reason} from {source}", entry.place) from None
        return None
    if not all(map(is_resource, nodes)):
        raise RefusalError(f"unable to parse SM or JSON patch from {source}", entry.place)
    return [_Patch(one.tree) for one in read_resources(nodes)]


def _patch_of(node: OriginNode) -> _Patch | None:
    return _Patch(node) if is_resource(node) else None


def _apply_operations(
    resources: ResourceMap, operations: OriginNode | None, target: OriginNode | None, source: str, *, keep_id: bool
) -> None:
    """`keep_id` says that the tool notes the name before the patch, which `patchesJson6902` does not."""
    if operations is None:
        return
    if target is None:
        raise RefusalError(f"must specify a target for JSON patch {source}")
    for one in list(select(resources, target)):
        if keep_id:
            one.remember_id()
        if one.is_annotated and one.tree.get("metadata", "annotations") is None:
            one.set_metadata("annotations", operations.like({}))
        one.root = one.tree.copy()  # each value is one of its own from here on, as in the tool, which reads it anew
        apply_operations(one.root, operations)
        _spell_blanks(one.root)
    resources.settle()


def _merge_selected(resources: ResourceMap, selected: Collection[BuildResource], patch: _Patch) -> None:
    """Merges a patch into what is selected, whatever name the patch bears (resmap.ApplySmPatch)."""
    for one in selected:
        copy = _Patch(patch.tree.copy())
        copy.allows_name, copy.allows_kind = patch.allows_name, patch.allows_kind
        for field in ("labels", "annotations"):
            _copy_texts(copy.tree.get("metadata"), field)
        version = one.tree.entries.get("apiVersion")
        if version is not None:
            copy.tree.entries["apiVersion"] = version.copy()
        _merge_into(one, copy)
    resources.settle()
    if patch.allows_name or patch.allows_kind:
        resources.check_unique()


def _copy_texts(metadata: OriginNode | None, field: str) -> None:
    """The tool copies labels and annotations as texts, `null` among them; of none nothing is left."""
    node = metadata.entries.get(field) if metadata is not None else None
    if metadata is None or node is None:
        return
    if not node.entries:
        del metadata.entries[field]
    for value in node.entries.values():
        if value.value is None:
            value.value = "" if value.is_blank else "null"


def _merge_into(one: BuildResource, patch: _Patch) -> None:
    """Merges a patch into one resource, which keeps its name, kind and namespace unless the patch may change them."""
    tree = one.tree
    kept = {path: _copy_of(tree.get(*path)) for path in (("kind",), ("metadata", "name"), ("metadata", "namespace"))}
    if patch.allows_name or patch.allows_kind:
        one.remember_id()
    allowed = {("kind",): patch.allows_kind, ("metadata", "name"): patch.allows_name}
    one.merges_lists = one.merges_lists or share_list(tree, patch.tree)
    one.root = merge_patch(tree, patch.tree.copy())
    if one.root is None or not one.root.entries:
        return
    for path, node in kept.items():
        if not allowed.get(path):
            _restore_node(one.root, path, node)


def _copy_of(node: OriginNode | None) -> OriginNode | None:
    return None if node is None else node.copy()


def _restore_node(root: OriginNode, path: tuple[str, ...], node: OriginNode | None) -> None:
    """Puts back what a patch may not change."""
    parent = root.get(*path[:-1])
    if parent is None or not isinstance(parent.value, dict):
        return
    if path[-1] == "namespace" and (node is None or not node.text):  # the tool puts back no empty namespace
        parent.value.pop("namespace", None)
    elif node is not None:
        parent.value[path[-1]] = node


def _spell_blanks(node: OriginNode) -> None:
    """Writes `null` for each value of a tree for which nothing was written, as JSON does."""
    node.is_blank = False
    for below in node.entries.values() if isinstance(node.value, dict) else node.items:
        _spell_blanks(below)
