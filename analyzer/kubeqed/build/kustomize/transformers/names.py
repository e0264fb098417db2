"""References to names that have changed (filters/nameref): a ConfigMap's hash, a prefix, follow to whoever names them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kubeqed.build.kustomize.config import TransformerConfig
from kubeqed.build.kustomize.resources.fields import change_fields
from kubeqed.build.kustomize.resources.identity import NO_NAMESPACE
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.tables import FieldSpec, NameReference
from kubeqed.build.node import OriginNode, put
from kubeqed.build.refusal import RefusalError


def fix_references(resources: Iterable[BuildResource], config: TransformerConfig) -> None:
    """Gives each field that names a renamed resource the new name; a RefusalError where several could be meant."""
    listed = list(resources)
    renamed: dict[str, list[BuildResource]] = defaultdict(list)
    for one in listed:
        for name in dict.fromkeys(name for _, name, _ in one.previous):
            renamed[name].append(one)
    if not renamed:
        return
    for one in listed:
        first = one.original_id
        for reference, path in config.references_of(first.group, first.version, first.kind):
            _fix_references(one, renamed, reference, path)


def _fix_references(
    referrer: BuildResource, renamed: dict[str, list[BuildResource]], reference: NameReference, path: str
) -> None:
    referrals = _Referrals(referrer, renamed, reference, path)
    try:
        change_fields(referrer, [FieldSpec("", "", "", path)], referrals.change)
    except RefusalError as error:
        reason = f"updating name reference in '{path}' field of '{referrer.current_id}': {error.reason}"
        raise RefusalError(reason, error.place) from None


class _Referrals:
    """What a field of one resource may refer to."""

    def __init__(
        self, referrer: BuildResource, renamed: dict[str, list[BuildResource]], reference: NameReference, path: str
    ) -> None:
        self._referrer = referrer
        self._renamed = renamed
        self._reference = reference
        self._path = path

    def change(self, node: OriginNode) -> None:
        """Sets the name in a field: a scalar, a list of them, or mappings with `name` and perhaps `namespace`."""
        if isinstance(node.value, list):
            for item in node.value:
                if isinstance(item.value, list):
                    raise RefusalError("is expected to be either a string or a map of string")
                self.change(item)
        elif isinstance(node.value, dict):
            self._change_mapping(node)
        elif node.value is not None:
            found = self._select_referral(node, self._find_candidates(node.text), with_namespace=False)
            if found is not None and found.name != node.text:
                _set_name(node, found)

    def _change_mapping(self, node: OriginNode) -> None:
        """Sets `name`, and `namespace` too, which the new name may need."""
        name = node.entries.get("name")
        if name is None:
            raise RefusalError("path config error; no 'name' field in node", node.place)
        candidates = self._find_candidates(name.text)
        if (namespace := node.entries.get("namespace")) is not None:
            candidates = self._in_namespace(candidates, namespace.text)
        found = self._select_referral(name, candidates, with_namespace=True)
        if found is None or (found.name == name.text and not found.namespace):
            return
        if found.name != name.text:
            _set_name(name, found)
        if found.namespace and node.text_at("namespace") != found.namespace:
            source = found.tree.entries["metadata"].entries["namespace"]
            node.set("namespace", source.like(source.value))

    def _in_namespace(self, candidates: list[BuildResource], namespace: str) -> list[BuildResource]:
        """Those that stood in a namespace at first, else those that stand there now."""
        everybody = [one for group in self._renamed.values() for one in group]
        before = [one for one in candidates if one.original_id.effective_namespace == namespace != NO_NAMESPACE]
        if before or any(
            self._may_refer(one) and one.original_id.effective_namespace == namespace for one in everybody
        ):
            return before
        return [one for one in candidates if one.current_id.effective_namespace == namespace != NO_NAMESPACE]

    def _find_candidates(self, name: str) -> list[BuildResource]:
        """What bore a name before and can be referred to at all."""
        return [one for one in self._renamed.get(name, ()) if self._may_refer(one)]

    def _may_refer(self, other: BuildResource) -> bool:
        """Whether the namespaces allow it (SubsetThatCouldBeReferencedByResource)."""
        mine, theirs = self._referrer.current_id, other.current_id
        if mine.is_cluster_scoped or theirs.is_cluster_scoped or mine.effective_namespace == theirs.effective_namespace:
            return True
        return other.namespace in _account_namespaces(self._referrer)

    def _select_referral(
        self, node: OriginNode, candidates: list[BuildResource], *, with_namespace: bool
    ) -> BuildResource | None:
        """The one resource that is meant, None where nothing or nothing sure is."""
        kind = self._reference[:3]
        found = [one for one in candidates if any(each.is_selected(*kind) for each in one.previous_ids)]
        found = [one for one in found if self._fits_role(one) and self._shares_namespace(one)]
        if len(found) == 1:
            return found[0]
        found = [one for one in found if one.shares_affixes(self._referrer, allow_empty=True)]
        if len(found) > 1:
            found = [one for one in found if one.shares_affixes(self._referrer, allow_empty=False)]
        if not found:
            return None
        names = {(one.name, one.namespace if with_namespace else "") for one in found}
        if len(names) > 1:
            ids = ", ".join(str(one.current_id) for one in found)
            raise RefusalError(f"found multiple possible referrals: {ids}", node.place)
        return found[0]

    def _fits_role(self, other: BuildResource) -> bool:
        """A `roleRef` says itself which kind it means."""
        if not self._path.endswith("roleRef/name"):
            return True
        group, kind = (self._referrer.tree.text_at("roleRef", key) for key in ("apiGroup", "kind"))
        role = self._referrer.tree.get("roleRef")
        if role is None or not {"apiGroup", "kind"} <= role.entries.keys():
            return True
        return any(one.is_selected(group, "", kind) for one in other.previous_ids)

    def _shares_namespace(self, other: BuildResource) -> bool:
        mine, theirs = self._referrer.current_id, other.current_id
        return (
            mine.is_cluster_scoped
            or theirs.is_cluster_scoped
            or theirs.kind == "ServiceAccount"
            or mine.effective_namespace == theirs.effective_namespace
        )


def _account_namespaces(referrer: BuildResource) -> Sequence[str]:
    """The namespaces whose ServiceAccounts a RoleBinding names."""
    return [
        subject.text_at("namespace")
        for subject in (referrer.tree.items_at("subjects") if referrer.kind == "RoleBinding" else ())
        if subject.text_at("kind") == "ServiceAccount" and "namespace" in subject.entries
    ]


def _set_name(node: OriginNode, found: BuildResource) -> None:
    name = found.tree.get("metadata", "name")
    if name is None:
        raise RefusalError("missing metadata.name in object", found.tree.place)
    put(node, name.like(name.value))
