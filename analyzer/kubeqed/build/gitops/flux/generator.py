"""The kustomization of a path as Flux writes it: the one that is there, or one made of the files, and `spec` laid over it.

After `Generator.GenerateManifest` of github.com/fluxcd/pkg/kustomize v1.44.0. It decodes less strictly than kustomize
does: a field that is unknown is left out.
"""

from __future__ import annotations

from contextlib import suppress

from kubeqed.build.directory import Directory, is_remote
from kubeqed.build.gitops.flux.ignored import IgnoredFiles, find_ignored
from kubeqed.build.gitops.flux.scan import scan_manifests
from kubeqed.build.gitops.statement import ObjectLookup
from kubeqed.build.kustomize.kustomization import (
    DecodedKustomization,
    decode_root,
    find_kustomizations,
    read_document,
    read_kustomization,
)
from kubeqed.build.kustomize.names import KUSTOMIZATIONS
from kubeqed.build.kustomize.resources.reading import check_resource
from kubeqed.build.kustomize.settings import KUSTOMIZATION, drop_unknown
from kubeqed.build.kustomize.target import Target
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import Refusal, RefusalError, UnbuiltError

_NAMES = (("targetNamespace", "namespace"), ("namePrefix", "namePrefix"), ("nameSuffix", "nameSuffix"))
_VERSIONS = ("newTag", "digest")
_EMPTY = "_placeholder"


def generate_kustomization(
    tree: OriginNode, stated_at: OriginNode, directory: Directory, target: Target, lookup: ObjectLookup
) -> DecodedKustomization:
    """The kustomization of a directory with the fields of the Kustomization `tree` over it.

    A RefusalError for what Flux refuses; `stated_at` is where what is made has its place.
    """
    found = _read_kustomization(stated_at, directory, target)
    if found is None:
        ignored = find_ignored(directory.files, directory.path, tree, lookup)
        found = _generate_kustomization(stated_at, directory, _list_manifests(stated_at, directory, ignored, target))
    spec = tree.get("spec")
    if spec is not None:
        _set_names(found.fields, spec)
        _append_items(found.fields, "patches", [_make_patch(item) for item in spec.items_at("patches")])
        _append_items(found.fields, "components", _find_components(spec, directory))
        _merge_images(found.fields, spec.items_at("images"))
        if asked := spec.items_at("buildMetadata"):
            found.fields.set("buildMetadata", spec.entries["buildMetadata"].like(asked))
    return found


def _read_kustomization(stated_at: OriginNode, directory: Directory, target: Target) -> DecodedKustomization | None:
    """The kustomization that is there; one without resources says where its objects come from, so that it is not empty."""
    names = find_kustomizations(directory)
    if not names:
        return None
    if len(names) > 1:
        read_kustomization(directory)
    root = read_document(directory, names[0]) if _holds_document(directory, names[0]) else stated_at.like({})
    fields = drop_unknown(root, KUSTOMIZATION)
    if not fields.items_at("resources"):
        fields.set("buildMetadata", root.like([root.like("originAnnotations")]))
    file = directory.real(names[0])
    target.notes.used.add(file)
    return DecodedKustomization(directory, decode_root(fields), file)


def _holds_document(directory: Directory, name: str) -> bool:
    """Whether a kustomization file is not empty, which it may be."""
    documents = directory.files.documents(directory.real(name))
    return any(one.document.root is not None or one.document.broken or one.document.template for one in documents[:1])


def _list_manifests(stated_at: OriginNode, directory: Directory, ignored: IgnoredFiles, target: Target) -> list[str]:
    """The paths that are applied where no kustomization names any. Flux refuses all if one file holds no objects."""
    paths = []
    for path in scan_manifests(directory, ignored):
        try:
            _check_objects(directory, path)
        except RefusalError as error:
            reason = f"failed to decode Kubernetes YAML from {path}: {error.reason}"
            target.notes.note_refusal(Refusal(error.place or stated_at.place, reason, error.cause))
        else:
            paths.append(path)
    return paths


def _check_objects(directory: Directory, path: str) -> None:
    """A RefusalError for a file that holds something that is no object."""
    if directory.files.is_file(directory.real(path)):
        with suppress(UnbuiltError):  # said when it is to be built
            for one in directory.documents(path):
                if not one.is_empty:
                    check_resource(one)


def _generate_kustomization(stated_at: OriginNode, directory: Directory, paths: list[str]) -> DecodedKustomization:
    """The kustomization that is made where none is: of all manifests below."""
    made = (
        ("resources", stated_at.like([stated_at.like(f"./{path}") for path in paths]))
        if paths
        else ("namespace", stated_at.like(_EMPTY))
    )
    return DecodedKustomization(directory, stated_at.like(dict([made])), directory.real(KUSTOMIZATIONS[0]))


def _set_names(fields: OriginNode, spec: OriginNode) -> None:
    for stated, field in _NAMES:
        if (node := spec.get(stated)) is not None and node.text:
            fields.set(field, node.copy())


def _append_items(fields: OriginNode, field: str, items: list[OriginNode]) -> None:
    """Adds items to a list of the kustomization."""
    if items:
        present = fields.items_at(field)
        fields.set(field, items[0].like([*present, *items]))


def _make_patch(item: OriginNode) -> OriginNode:
    """A patch of `spec`, of which Flux takes the text and the target."""
    shape = {"patch": str, "target": KUSTOMIZATION["patches"][0]["target"]}
    return drop_unknown(item, shape)


def _find_components(spec: OriginNode, directory: Directory) -> list[OriginNode]:
    """The components of `spec`; those that are missing may be left out."""
    ignores_missing = (asked := spec.get("ignoreMissingComponents")) is not None and asked.value is True
    found = []
    for item in spec.items_at("components"):
        path = item.text
        if is_remote(path) or path.removeprefix("file://").startswith("/"):
            raise RefusalError(f"component path '{path}' must be local and relative", item.place)
        real = directory.real(path)
        if not ignores_missing or directory.files.is_file(real) or directory.files.is_directory(real):
            found.append(item.copy())
    return found


def _merge_images(fields: OriginNode, images: list[OriginNode]) -> None:
    """Adds images; where the kustomization has one of the name, those fields are changed that are stated."""
    new: list[OriginNode] = []
    for image in images:
        name = image.text_at("name")
        known = [*fields.items_at("images"), *new]
        present = next((one for one in known if one.text_at("name") == name), None)
        if present is None:
            new.append(image.copy())
            continue
        if image.text_at("newName"):
            present.set("newName", image.entries["newName"].copy())
        if any(image.text_at(key) for key in _VERSIONS):
            for key in _VERSIONS:
                present.entries.pop(key, None)
                if image.text_at(key):
                    present.set(key, image.entries[key].copy())
    _append_items(fields, "images", new)
