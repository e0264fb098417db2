"""What a kustomization changes in all its resources: namespace, names, labels, annotations, replicas, images.

Each value that is set has the place of the line of the kustomization that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from kubeqed.build.kustomize.config import TransformerConfig, merge_specs, specs_at
from kubeqed.build.kustomize.resources.fields import Create, change_fields
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.tables import FieldSpec
from kubeqed.build.kustomize.transformers.text import concat
from kubeqed.build.node import OriginNode, put
from kubeqed.build.refusal import RefusalCause, RefusalError, node_kind

_NOT_NAMED = ("CustomResourceDefinition", "APIService", "Namespace")
_NAME = "metadata/name"
_NAMESPACE = "metadata/namespace"
_METADATA_LABELS = FieldSpec("", "", "", "metadata/labels", create=True)


def set_namespace(
    resources: ResourceMap,
    namespace: OriginNode,
    specs: Iterable[FieldSpec],
    *,
    unset_only: bool = False,
    subjects: str = "defaultOnly",
) -> None:
    """Sets the namespace of each resource that can have one, and where else a namespace is named; a chart does so itself."""
    specs = [spec for spec in specs if spec.path != _NAMESPACE]
    change = partial(_set_scalar, by=namespace, unset_only=unset_only)
    for one in resources:
        if one.rendered_as is not None:
            continue
        one.remember_id()
        kind = one.kind
        if not one.current_id.is_cluster_scoped:
            change_fields(one, [FieldSpec("", "", "", _NAMESPACE, create=True)], change, Create.SCALAR, namespace)
        mine = [spec for spec in specs if spec.path != _NAME or one.api_version == "v1"]
        if kind in ("RoleBinding", "ClusterRoleBinding"):
            mine = [spec for spec in mine if spec.kind != kind or spec.path != "subjects/namespace"]
            _set_subjects(one, namespace, subjects, unset_only=unset_only)
        change_fields(one, mine, change, Create.SCALAR, namespace)
    resources.settle()
    resources.check_ids(resources)


def _set_scalar(node: OriginNode, by: OriginNode, *, unset_only: bool = False) -> None:
    if not node.is_scalar:
        raise RefusalError("namespace field specs must target scalar nodes")
    if not (unset_only and node.text):
        put(node, by.like(by.value))


def _set_subjects(one: BuildResource, namespace: OriginNode, mode: str, *, unset_only: bool) -> None:
    """Subjects named `default` are meant to be the namespace's own; the others may stand anywhere."""
    field, wanted = ("kind", "ServiceAccount") if mode == "allServiceAccounts" else ("name", "default")
    subjects = one.tree.get("subjects")
    if mode == "none" or subjects is None:
        return
    for subject in subjects.items:
        if subject.text_at(field) == wanted:
            old = subject.entries.get("namespace")
            if not (unset_only and old is not None and old.text):
                subject.set("namespace", namespace.like(namespace.value))


def add_affix(resources: ResourceMap, affix: OriginNode, specs: Iterable[FieldSpec], *, is_prefix: bool) -> None:
    """Puts `namePrefix` or `nameSuffix` around names."""
    for one in resources:
        first = one.original_id
        if first.kind in _NOT_NAMED and (first.kind != "APIService" or first.group == "apiregistration.k8s.io"):
            continue
        for spec in specs:
            if not first.is_selected(spec.group, spec.version, spec.kind):
                continue
            if spec.path == _NAME:
                (one.prefixes if is_prefix else one.suffixes).append(affix.text)
                one.remember_id()
            change_fields(one, [spec], partial(_add_affix, by=affix, is_prefix=is_prefix), Create.SCALAR, affix)
    resources.settle()


def _add_affix(node: OriginNode, by: OriginNode, *, is_prefix: bool) -> None:
    if not node.is_scalar:
        raise RefusalError("wrong node kind: expected ScalarNode")
    parts = (by, node) if is_prefix else (node, by)
    put(node, by.like(concat([part.scalar for part in parts])))


def set_label_entry(resources: ResourceMap, entry: OriginNode, config: TransformerConfig) -> None:
    """An entry of `labels`: in the metadata alone, unless it says that selectors and templates are meant too."""
    specs = merge_specs(specs_at(entry, "fields"), config.fields["labels"])
    if entry.text_at("includeSelectors") == "true":
        specs = merge_specs(specs, config.fields["commonLabels"])
    else:
        for flag, name in (
            ("includeTemplates", "templateLabels"),
            ("includeVolumeClaimTemplates", "volumeClaimTemplateLabels"),
        ):
            if entry.text_at(flag) == "true":
                specs = merge_specs(specs, config.fields[name])
        specs = merge_specs(specs, [_METADATA_LABELS])
    set_entries(resources, entry.entries_at("pairs"), specs)


def set_entries(resources: ResourceMap, pairs: Mapping[str, OriginNode], specs: Iterable[FieldSpec]) -> None:
    """Sets labels or annotations."""
    listed = list(specs)
    for one in resources if pairs else ():
        for key in sorted(pairs):
            change_fields(
                one, listed, partial(_set_entry, key=key, new=_make_entry(pairs[key])), Create.MAPPING, pairs[key]
            )
    resources.settle()


def _make_entry(by: OriginNode) -> OriginNode:
    new = by.like(by.value)
    new.key_source, new.key_mark = by.key_source, by.key_mark
    return new


def _set_entry(node: OriginNode, key: str, new: OriginNode) -> None:
    """Sets one entry of a mapping of labels or annotations.

    As in the tool it is one node in all mappings of a resource that it is added to: who changes the label in the metadata
    later changes it in the selector, too.
    """
    if node.value is None:
        return
    if not isinstance(node.value, dict):
        raise RefusalError(f"wrong node kind: expected MappingNode but got {node_kind(node)}")
    if key in node.value:
        put(node.value[key], new)
    else:
        node.value[key] = new


def set_replicas(resources: ResourceMap, entry: OriginNode, specs: Iterable[FieldSpec]) -> None:
    """An entry of `replicas`; a RefusalError where nothing bears its name."""
    name, count = entry.text_at("name"), entry.get("count") or entry.like(0)
    listed = list(specs)
    found = False
    for spec in listed:
        named = resources.by_any_id(lambda one, spec=spec: one.name == name and one.is_selected(*spec[:3]))  # type: ignore[misc]  # mypy knows no default of a lambda
        for one in named:
            found = True
            change_fields(one, [spec], partial(_set_scalar, by=count), Create.SCALAR, count)
    if not found:
        kinds = " ".join(
            f"{spec.kind or '[noKind]'}.{spec.version or '[noVer]'}.{spec.group or '[noGrp]'}" for spec in listed
        )
        raise RefusalError(
            f"resource with name {name} does not match a config with the following GVK [{kinds}]",
            cause=RefusalCause.OBJECT,
        )
