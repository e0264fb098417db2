"""The order in which the tool prints objects (builtins.SortOrderTransformer): `sortOptions`, and by default `legacy`.

What others need comes first, such as Namespaces, and webhooks, which may refuse the others, come last.
"""

from __future__ import annotations

from kubeqed.build.kustomize.refusal import RefusalError
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.node import OriginNode

_NAMESPACE = "Namespace"
_FIRST = (
    "Namespace ResourceQuota StorageClass CustomResourceDefinition ServiceAccount PodSecurityPolicy Role ClusterRole "
    "RoleBinding ClusterRoleBinding ConfigMap Secret Endpoints Service LimitRange PriorityClass PersistentVolume "
    "PersistentVolumeClaim Deployment StatefulSet CronJob PodDisruptionBudget"
).split()
_LAST = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]
_ORDERS = ("legacy", "fifo")


def sort_resources(resources: ResourceMap, options: OriginNode | None) -> None:
    """Puts the resources of a build in order, as the `sortOptions` of its kustomization say; a RefusalError for wrong ones."""
    first, last = _FIRST, _LAST
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
            first, last = _kinds(stated, "orderFirst"), _kinds(stated, "orderLast")
    ranks = {kind: number - len(first) for number, kind in enumerate(first)}
    ranks |= {kind: number for number, kind in enumerate(last, 1)}
    resources.sort(lambda one: (ranks.get(one.kind, 0), *_legacy_names(one)))


def _kinds(options: OriginNode, field: str) -> list[str]:
    node = options.get(field)
    return [item.text for item in node.items] if node is not None else []


def _legacy_names(one: BuildResource) -> tuple[str, str]:
    """Group, version and kind, then namespace and name, as the tool compares them; what is empty comes late."""
    found = one.current_id
    # The tool turns the order of Namespaces round, so that those of other groups come later.
    group = "" if found.kind == _NAMESPACE and not found.group else found.group or "~G"
    return f"{group}_{found.version or '~V'}_{found.kind or '~K'}", f"{found.namespace or '~X'}|{found.name or '~N'}"
