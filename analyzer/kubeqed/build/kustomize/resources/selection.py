"""Which resources a patch, a replacement or a transformer means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.build.kustomize.resources.identity import ResourceId
from kubeqed.build.kustomize.resources.patterns import matches, selects
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.node import OriginNode


def select(resources: Iterable[BuildResource], target: OriginNode) -> Iterator[BuildResource]:
    """The resources that the `target` of a patch selects: by their names now or at first (resmap.Select)."""
    for one in resources:
        if one.root is None:
            continue
        now, first = one.current_id, one.original_id
        names = matches(target.text_at("name"), first.name) or matches(target.text_at("name"), now.name)
        namespaces = any(matches(target.text_at("namespace"), each.effective_namespace) for each in (first, now))
        if names and namespaces and selects_kind(now, target) and selects_labels(one, target):
            yield one


def selects_id(one: ResourceId, target: OriginNode) -> bool:
    """Whether the patterns of a selector match an identifier (types.SelectorRegex)."""
    return (
        selects_kind(one, target)
        and matches(target.text_at("name"), one.name)
        and matches(target.text_at("namespace"), one.namespace)
    )


def selects_kind(one: ResourceId, target: OriginNode) -> bool:
    """Whether the patterns of a selector match group, version and kind."""
    return (
        matches(target.text_at("group"), one.group)
        and matches(target.text_at("version"), one.version)
        and matches(target.text_at("kind"), one.kind)
    )


def selects_labels(one: BuildResource, target: OriginNode) -> bool:
    """Whether the label and the annotation selector of a selector select a resource."""
    return all(
        selects(selector, {key: value.text for key, value in one.tree.entries_at("metadata", field).items()})
        for field, selector in (
            ("labels", target.text_at("labelSelector")),
            ("annotations", target.text_at("annotationSelector")),
        )
        if selector
    )
