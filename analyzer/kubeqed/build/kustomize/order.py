"""The order in which the tool prints objects (builtins.SortOrderTransformer): `sortOptions`, and by default `legacy`.

What others need comes first, such as Namespaces, and webhooks, which may refuse the others, come last.
"""

from __future__ import annotations

from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.tables import FIRST_KINDS, LAST_KINDS, rank_kinds, spell_type
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalError

_NAMESPACE = "Namespace"
_ORDERS = ("legacy", "fifo")


def sort_resources(resources: ResourceMap, options: OriginNode | None) -> None:
    """Puts the resources of a build in order, as the `sortOptions` of its kustomization say; a RefusalError for wrong ones."""
    first, last = FIRST_KINDS, LAST_KINDS
    if options is not None:
        order, stated = options.text_at("order"), options.get("legacySortOptions")
        if order not in _ORDERS:
            raise RefusalError("the field 'sortOptions.order' must be one of [fifo, legacy]", options.place)
        if order == "fifo" and stated is not None:
            reason = (
                "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'"
            )
            raise RefusalError(reason, stated.key_place)
        if order == "fifo":
            return
        if stated is not None:
            first, last = _list_kinds(stated, "orderFirst"), _list_kinds(stated, "orderLast")
    ranks = rank_kinds(first, last)
    resources.sort(lambda one: (ranks.get(one.kind, 0), *_legacy_names(one)))


def _list_kinds(options: OriginNode, field: str) -> list[str]:
    return [item.text for item in options.items_at(field)]


def _legacy_names(one: BuildResource) -> tuple[str, str]:
    """Group, version and kind, then namespace and name, as the tool compares them; what is empty comes late."""
    found = one.current_id
    type_ = spell_type(found.group, found.version, found.kind)
    if found.kind == _NAMESPACE and not found.group:
        type_ = type_.removeprefix("~G")  # the tool turns their order round, so that those of other groups come later
    return type_, f"{found.namespace or '~X'}|{found.name or '~N'}"
