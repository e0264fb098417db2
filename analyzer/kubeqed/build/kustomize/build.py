"""A whole build: what a kustomization applies, what the tool would refuse of it, and what is not known here."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable

from kubeqed.build.allowance import OF_OBJECT
from kubeqed.build.built import Built
from kubeqed.build.directory import Files
from kubeqed.build.freeze import freeze
from kubeqed.build.kustomize.accumulator import Accumulator
from kubeqed.build.kustomize.kustomization import DecodedKustomization
from kubeqed.build.kustomize.names import LOCAL_CONFIG
from kubeqed.build.kustomize.order import sort_resources
from kubeqed.build.kustomize.resources.reading import check_resource, read_resources
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.schema import ignored_schema, lists_of_schema
from kubeqed.build.kustomize.target import Target
from kubeqed.build.kustomize.transformers.generators import add_hash
from kubeqed.build.kustomize.transformers.names import fix_references
from kubeqed.build.kustomize.transformers.variables import resolve
from kubeqed.build.node import Entries, OriginNode, thaw
from kubeqed.build.refusal import Refusal, RefusalError, UnbuiltError
from kubeqed.parse import Place, PlacedDocument

_ORIGIN = "config.kubernetes.io/origin"
_TRANSFORMATIONS = "alpha.config.kubernetes.io/transformations"
_MANAGED_BY = "app.kubernetes.io/managed-by"
_VERSION = "kustomize-v5.8.2"

Then = Callable[[ResourceMap], None]


def build(directory: str, files: Files, place: Place, *, restricted: bool = True) -> Built:
    """Builds the kustomization of a real directory; `place` is where it stands if its own file cannot tell.

    `restricted` says that files outside of a kustomization's directory are named in the result; Flux reads them.
    """
    target = Target(files, restricted=restricted)
    return build_root(target, place, lambda: target.open(directory))


def build_root(
    target: Target,
    place: Place,
    open_root: Callable[[], DecodedKustomization],
    then: Then | None = None,
    over: Iterable[PlacedDocument] = (),
) -> Built:
    """Builds the kustomization that `open_root` gives, over some documents that were built before.

    `then` changes the resources after all that kustomize does.
    """
    gathered = Accumulator()
    notes = target.notes
    try:
        target.files.allowance.check(f"the kustomization {place.file}")
        root = open_root()
    except RefusalError as error:
        return Built((), (Refusal(error.place or place, error.reason, error.cause),), (), frozenset(notes.used))
    except UnbuiltError as error:
        return Built((), (), (error.at(place),), frozenset(notes.used))
    with notes.noting(root.fields):
        for one in read_resources(map(thaw, over)):
            gathered.resources.append(one)
        notes.records_transformers = "transformerAnnotations" in _list_metadata(root.fields)
        target.accumulate(root, (root.directory.path,), gathered)
    with notes.noting(root.fields):
        _finish_build(gathered, root.fields)
    with notes.noting(root.fields):
        sort_resources(gathered.resources, root.fields.get("sortOptions"))
    if (changed := lists_of_schema(notes.schema, gathered.resources)) is not None:
        notes.note_unbuilt(changed, is_change=True)
    if then is not None:
        then(gathered.resources)
    target.files.allowance.spend(OF_OBJECT * len(gathered.resources))
    return Built(
        tuple(freeze(one.tree, tuple(one.layers), one.source) for one in gathered.resources),
        tuple(notes.refusals),
        tuple(notes.unbuilt),
        frozenset(notes.used),
        notes.lacks_change,
        tuple(dict.fromkeys(notes.outside)) if target.restricted else (),
        () if changed is not None else ignored_schema(notes.schema),
    )


def _finish_build(gathered: Accumulator, fields: OriginNode) -> None:
    """What is done once, at the root of a build: hashes, references, variables, and what is for the tool alone."""
    resources = gathered.resources
    for one in resources:
        if one.needs_hash:
            add_hash(one)
    fix_references(resources, gathered.config)
    resolve(resources, gathered.variables, gathered.config.fields["varReference"])
    for one in resources:
        check_resource(one.tree)
        if _is_local(one):
            one.root = None
    resources.settle()
    asked = _list_metadata(fields)
    for one in resources:
        _note_history(one, asked)
        if (by := asked.get("managedByLabel")) is not None:
            _set_metadata(one, "labels", _MANAGED_BY, by.like(_VERSION))
        _tidy_annotations(one)


def _list_metadata(fields: OriginNode) -> Entries:
    """What `buildMetadata` asks for."""
    return {item.text: item for item in fields.items_at("buildMetadata")}


def _note_history(one: BuildResource, asked: Entries) -> None:
    """Sets the annotations of the tool's own that are asked for; those that are not asked for go."""
    annotations = one.tree.entries_at("metadata", "annotations")
    before = annotations[_TRANSFORMATIONS].text if _TRANSFORMATIONS in annotations else ""
    for key, by, text in (
        (_ORIGIN, asked.get("originAnnotations"), _describe_origin(one)),
        (_TRANSFORMATIONS, asked.get("transformerAnnotations"), "".join([before, *one.met])),
    ):
        annotations.pop(key, None)
        if by is not None and text:
            _set_metadata(one, "annotations", key, by.like(text))


def _is_local(one: BuildResource) -> bool:
    annotation = one.tree.get("metadata", "annotations", LOCAL_CONFIG)
    return annotation is not None and annotation.text != "false"


def _set_metadata(one: BuildResource, field: str, key: str, node: OriginNode) -> None:
    """Sets a label or an annotation."""
    entries = one.tree.get("metadata", field)
    if entries is None or not isinstance(entries.value, dict):
        entries = node.like({})
        one.set_metadata(field, entries)
    entries.set(key, node)


def _describe_origin(one: BuildResource) -> str:
    """Where an object came from, as `originAnnotations` has it."""
    path = posixpath.normpath(posixpath.join(".", *one.trail, one.made_in))
    if not one.made_in:
        return f"path: {path}\n"
    return f"configuredIn: {path}\nconfiguredBy:\n  apiVersion: builtin\n  kind: {one.kind}Generator\n"


def _tidy_annotations(one: BuildResource) -> None:
    """The tool writes annotations anew at the end: all are texts, and an empty mapping goes."""
    metadata = one.tree.get("metadata")
    annotations = metadata.entries.get("annotations") if metadata is not None else None
    if metadata is None or annotations is None:
        return
    if not annotations.entries:
        del metadata.entries["annotations"]
    for node in annotations.entries.values():
        if node.value is None:
            node.value = node.spelling_of_null
        elif not node.is_scalar:
            node.value = ""  # a replacement can put a mapping there
        elif isinstance(node.value, bool | int | float):
            node.value = node.text
