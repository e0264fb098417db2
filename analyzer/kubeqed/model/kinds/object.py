"""What every Kubernetes object has: an API group and kind, a namespace and name, labels, and a place for each field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kubeqed.build.node import SET_BELOW
from kubeqed.diagnostic import ObjectKey
from kubeqed.model.values.fields import Labels, read_field, read_labels, read_name, read_text
from kubeqed.parse import Fresh, Mapping, Place, PlacedDocument, Unknown, Value, locate
from kubeqed.parse.tree import unknown

NAMESPACE_NOT_SET = Unknown(unknown.Variable("namespace of objects that set none"), "not set")


class Identity(NamedTuple):
    """Where an object stands and what it is called, before its kind is looked at.

    `inside` is the path prefix of an item of a `kind: List` (`items[0].`), empty for a document's own object.
    """

    origin: PlacedDocument
    inside: str
    root: Mapping
    group: str
    version: str
    kind: str

    @property
    def api_version(self) -> str:
        """`apiVersion` as the manifest writes it."""
        return f"{self.group}/{self.version}" if self.group else self.version


class ObjectReference(NamedTuple):
    """A field of `source` at `path` that names an object of a kind: (group, kind), namespace and name.

    `is_shared` says that several such fields may well name one object.
    """

    source: Object
    path: str
    target: tuple[str, str]
    namespace: str | Unknown | None
    name: str | Unknown
    is_shared: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Object:
    """A Kubernetes object, of a kind that kubeqed knows or of any other (`UnmodelledObject`).

    Two objects are the same only when they are the same piece of a file. An absent namespace is one unknown that all
    such objects share: they end up together, in a namespace that is not known.
    """

    identity: Identity
    namespace: str | Unknown | None
    name: str | Unknown | None
    labels: Labels
    annotations: Labels

    @property
    def group(self) -> str:
        """API group, empty for the core one."""
        return self.identity.group

    @property
    def kind(self) -> str:
        """`kind` as the manifest writes it."""
        return self.identity.kind

    @property
    def file(self) -> str:
        """The file the object stands in."""
        return self.identity.origin.file

    @property
    def key(self) -> ObjectKey:
        """How reports name this object."""
        unwritten = isinstance(self.namespace, Unknown) and self.namespace.mark is None
        namespace = None if unwritten else _show_value(self.namespace)
        return ObjectKey(self.identity.api_version, self.kind, namespace, _show_value(self.name))

    def at(self, path: str) -> Place:
        """The place of the field at `path`; total: a missing field gives its nearest existing parent."""
        return self.identity.origin.at(path, self.key, self.identity.inside)

    def changed_at(self, path: str) -> tuple[Place, ...]:
        """Where patches and transformers of a build set values below the field at `path`; each line once, a few."""
        return tuple(one.place for one in self.at(path).through if one.text == SET_BELOW)

    def key_at(self, path: str) -> Place:
        """The place of the key of the field at `path`."""
        return self.identity.origin.key_at(path, self.key, self.identity.inside)

    def holds(self, path: str) -> bool:
        """Whether the manifest writes the field at `path`."""
        return locate(self.identity.root, path, 0)[1]

    def references(self) -> Iterator[ObjectReference]:
        """The fields that name other objects; kinds that have some say which."""
        return iter(())

    def __str__(self) -> str:
        return str(self.key)


Metadata = tuple[Identity, str | Unknown | None, str | Unknown | None, Labels, Labels]


def read_metadata(identity: Identity, *, namespaced: bool = True) -> Metadata:
    """The fields of Object, in order, for `Kind(*read_metadata(identity), …)`. A cluster-wide kind has no namespace."""
    metadata = read_field(identity.root, "metadata")
    namespace = read_text(metadata, "namespace") if namespaced else None
    if namespaced and (namespace is None or (isinstance(namespace, str) and not namespace)):
        namespace = NAMESPACE_NOT_SET
    return (
        identity,
        namespace,
        _read_object_name(metadata),
        read_labels(metadata, "labels", "metadata.labels"),
        read_labels(metadata, "annotations", "metadata.annotations"),
    )


def _read_object_name(metadata: Value) -> str | Unknown | None:
    name = read_name(metadata, "name")
    if name is None and (prefix := read_text(metadata, "generateName")) is not None:
        return Unknown(Fresh("generateName"), f"{prefix}… (generated)")
    return name


def _show_value(value: str | Unknown | None) -> str | None:
    return value.text if isinstance(value, Unknown) else value
