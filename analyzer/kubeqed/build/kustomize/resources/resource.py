"""A resource on its way through a build: its tree, the names it has had, and what was asked of it."""

from __future__ import annotations

from kubeqed.build.kustomize.resources.identity import ResourceId, identify_type, split_version
from kubeqed.build.node import CONFIDENTIAL_COPY, COPIED, Copies, OriginNode, text_of
from kubeqed.diagnostic import ObjectKey
from kubeqed.parse import Through


class BuildResource:
    """A resource; `root` is None once a patch has deleted it.

    `previous` are the names that it has had (namespace, name, kind), the oldest first; `prefixes` and `suffixes` what was
    put around its name. `layers` are the entries of kustomizations that it came through, `trail`
    their texts from the outermost one on, and `made_in` the kustomization file of a generated one. `met` are the transformers
    that it met, as their annotation lists them, where a build asks for it. `behavior` is a generator's.
    `merges_lists` says that a patch met a list of it, so that a schema counted. `rendered_as` is what one of a chart is called there.
    """

    def __init__(self, root: OriginNode, behavior: str = "", *, needs_hash: bool = False) -> None:
        self.root: OriginNode | None = root
        self.previous: list[tuple[str, str, str]] = []
        self.prefixes: list[str] = []
        self.suffixes: list[str] = []
        self.variables: list[str] = []
        self.layers: list[Through] = []
        self.trail: list[str] = []
        self.made_in = ""
        self.met: list[str] = []
        self.behavior = behavior
        self.needs_hash = needs_hash
        self.merges_lists = False
        self.rendered_as: ObjectKey | None = None

    def copy(self, copies: Copies) -> BuildResource:
        """The same resource, to be changed on its own; `copies` are those of nodes that others may hold, too."""
        new = BuildResource(self.tree.copy_shared(copies), self.behavior, needs_hash=self.needs_hash)
        new.previous, new.variables = list(self.previous), list(self.variables)
        new.prefixes, new.suffixes = list(self.prefixes), list(self.suffixes)
        new.layers, new.trail, new.met = list(self.layers), list(self.trail), list(self.met)
        new.made_in, new.merges_lists, new.rendered_as = self.made_in, self.merges_lists, self.rendered_as
        return new

    @property
    def tree(self) -> OriginNode:
        """The tree of the resource; a ValueError where it is deleted."""
        if self.root is None:
            raise ValueError("the resource is deleted")
        return self.root

    @property
    def api_version(self) -> str:
        """`apiVersion`."""
        return self.tree.text_at("apiVersion")

    @property
    def kind(self) -> str:
        """`kind`."""
        return self.tree.text_at("kind")

    @property
    def name(self) -> str:
        """`metadata.name`."""
        return self.tree.text_at("metadata", "name")

    @property
    def namespace(self) -> str:
        """`metadata.namespace`."""
        return self.tree.text_at("metadata", "namespace")

    @property
    def current_id(self) -> ResourceId:
        """What it is called now."""
        entries = self.tree.entries
        kind = text_of(entries, "kind")
        group, version, is_cluster_scoped = identify_type(text_of(entries, "apiVersion"), kind)
        metadata = entries["metadata"].entries if "metadata" in entries else {}
        name, namespace = text_of(metadata, "name"), text_of(metadata, "namespace")
        return ResourceId(group, version, kind, name, namespace, is_cluster_scoped)

    def is_called(self, wanted: ResourceId) -> bool:
        """Whether it is or was called so."""
        if self.name != wanted.name and not any(name == wanted.name for _, name, _ in self.previous):
            return False
        return any(one.key == wanted.key for one in self.all_ids)

    @property
    def previous_ids(self) -> list[ResourceId]:
        """What it was called before, the oldest first."""
        group, version = split_version(self.api_version)
        return [ResourceId(group, version, kind, name, namespace) for namespace, name, kind in self.previous]

    @property
    def original_id(self) -> ResourceId:
        """What it was called first; each patch remembers one more name, so that the others are not looked at."""
        if not self.previous:
            return self.current_id
        namespace, name, kind = self.previous[0]
        return ResourceId(*split_version(self.api_version), kind, name, namespace)

    @property
    def source(self) -> ObjectKey:
        """What reports call it where it is written."""
        if self.rendered_as is not None:
            return self.rendered_as
        first = self.original_id
        namespace = None if first.is_cluster_scoped or not self.previous else first.namespace
        return ObjectKey(self.api_version, first.kind, namespace or self.namespace or None, first.name)

    @property
    def all_ids(self) -> list[ResourceId]:
        """All that it was called, the present one last."""
        return [*self.previous_ids, self.current_id]

    @property
    def is_annotated(self) -> bool:
        """Whether the tool holds notes of its own in the annotations, so that these are there."""
        return bool(self.previous or self.prefixes or self.suffixes or self.behavior or self.needs_hash)

    def remember_id(self) -> None:
        """Keeps what it is called now, before that changes."""
        one = self.current_id
        self.previous.append((one.effective_namespace, one.name, one.kind))

    def set_metadata(self, key: str, node: OriginNode) -> None:
        """Sets a field of the metadata."""
        metadata = self.tree.get("metadata")
        if metadata is None or not isinstance(metadata.value, dict):
            metadata = node.like({})
            self.tree.set("metadata", metadata)
        metadata.set(key, node)

    def copied_at(self, path: str, node: OriginNode) -> tuple[Through, ...]:
        """What a copy of the node at one of its paths remembers: the place, and whether it is confidential."""
        is_secret = self.kind == "Secret" and path.lower().startswith(("data", "stringdata"))
        return (Through(node.place, CONFIDENTIAL_COPY if is_secret else COPIED), *node.copied)

    def shares_affixes(self, other: BuildResource, *, allow_empty: bool) -> bool:
        """Whether what was put around both names ends alike; with `allow_empty` nothing goes with anything."""
        return all(
            (allow_empty and not (mine and theirs)) or _end_alike(mine, theirs)
            for mine, theirs in ((self.prefixes, other.prefixes), (self.suffixes, other.suffixes))
        )


def _end_alike(one: list[str], other: list[str]) -> bool:
    shortest = min(len(one), len(other))
    return one == other if not shortest else one[-shortest:] == other[-shortest:]
