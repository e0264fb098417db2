"""The tool's own transformers and generators where a kustomization configures them as objects (`transformers`, `generators`)."""

from __future__ import annotations

from collections.abc import Callable

from kubeqed.build.directory import Directory
from kubeqed.build.kustomize.config import specs_at
from kubeqed.build.kustomize.patch.patches import apply_json_patch, apply_patch, apply_strategic_merge
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.transformers.generators import generate
from kubeqed.build.kustomize.transformers.images import set_images
from kubeqed.build.kustomize.transformers.metadata import add_affix, set_entries, set_namespace, set_replicas
from kubeqed.build.kustomize.transformers.replacements import replace
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalError, UnbuiltError

_BUILTIN = "builtin"

Transform = Callable[[ResourceMap, OriginNode, Directory], None]


def transform(resources: ResourceMap, plugin: BuildResource, directory: Directory) -> None:
    """Runs a transformer; an UnbuiltError when it is not the tool's own."""
    apply = _TRANSFORMERS.get(plugin.kind) if plugin.api_version == _BUILTIN else None
    if apply is None:
        raise UnbuiltError(f"{plugin.kind} {plugin.name}, a transformer that is not run")
    apply(resources, plugin.tree, directory)


def generate_with(plugin: BuildResource, directory: Directory) -> BuildResource:
    """The object of a generator; an UnbuiltError when it is not the tool's own."""
    kinds = {"ConfigMapGenerator": "ConfigMap", "SecretGenerator": "Secret"}
    if plugin.api_version != _BUILTIN or plugin.kind not in kinds:
        raise UnbuiltError(f"{plugin.kind} {plugin.name}, a generator that is not run")
    entry = plugin.tree.copy()
    for field in ("name", "namespace"):
        node = entry.get("metadata", field)
        if field not in entry.entries and node is not None:
            entry.entries[field] = node
    return generate(entry, None, kinds[plugin.kind], directory)


def _apply_namespace(resources: ResourceMap, node: OriginNode, _: Directory) -> None:
    namespace = node.get("metadata", "namespace")
    subjects = node.text_at("setRoleBindingSubjects") or "defaultOnly"
    if subjects not in ("defaultOnly", "none", "allServiceAccounts"):
        raise RefusalError(f'invalid value "{subjects}" for setRoleBindingSubjects', node.place)
    if namespace is not None and namespace.text:
        unset_only = node.text_at("unsetOnly") == "true"
        set_namespace(resources, namespace, specs_at(node, "fieldSpecs"), unset_only=unset_only, subjects=subjects)


def _make_affix_transform(field: str, *, is_prefix: bool) -> Transform:
    def apply(resources: ResourceMap, node: OriginNode, _: Directory) -> None:
        if (affix := node.get(field)) is not None and affix.text:
            add_affix(resources, affix, specs_at(node, "fieldSpecs"), is_prefix=is_prefix)

    return apply


def _both_affixes(resources: ResourceMap, node: OriginNode, directory: Directory) -> None:
    _make_affix_transform("prefix", is_prefix=True)(resources, node, directory)
    _make_affix_transform("suffix", is_prefix=False)(resources, node, directory)


def _make_entries_transform(field: str) -> Transform:
    def apply(resources: ResourceMap, node: OriginNode, _: Directory) -> None:
        set_entries(resources, node.entries_at(field), specs_at(node, "fieldSpecs"))

    return apply


def _apply_patches(resources: ResourceMap, node: OriginNode, directory: Directory) -> None:
    inline = node.get("patches")
    for entry in (*node.items_at("paths"), *([inline] if inline is not None else [])):
        apply_strategic_merge(resources, entry, directory)


def _json_patch(resources: ResourceMap, node: OriginNode, directory: Directory) -> None:
    entry = node.copy()
    if (operations := entry.get("jsonOp")) is not None:
        entry.entries["patch"] = operations
    apply_json_patch(resources, entry, directory)


def _apply_replicas(resources: ResourceMap, node: OriginNode, _: Directory) -> None:
    set_replicas(resources, node.get("replica") or node.like({}), specs_at(node, "fieldSpecs"))


def _apply_images(resources: ResourceMap, node: OriginNode, _: Directory) -> None:
    set_images(resources, node.get("imageTag") or node.like({}), specs_at(node, "fieldSpecs"))


def _apply_replacements(resources: ResourceMap, node: OriginNode, _: Directory) -> None:
    for entry in node.items_at("replacements"):
        replace(resources, entry)


_TRANSFORMERS: dict[str, Transform] = {
    "NamespaceTransformer": _apply_namespace,
    "PrefixTransformer": _make_affix_transform("prefix", is_prefix=True),
    "SuffixTransformer": _make_affix_transform("suffix", is_prefix=False),
    "PrefixSuffixTransformer": _both_affixes,
    "LabelTransformer": _make_entries_transform("labels"),
    "AnnotationsTransformer": _make_entries_transform("annotations"),
    "PatchTransformer": apply_patch,
    "PatchStrategicMergeTransformer": _apply_patches,
    "PatchJson6902Transformer": _json_patch,
    "ReplicaCountTransformer": _apply_replicas,
    "ImageTagTransformer": _apply_images,
    "ReplacementTransformer": _apply_replacements,
}
