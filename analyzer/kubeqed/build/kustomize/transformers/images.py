"""`images`: new names, tags and digests for the images of containers (filters/imagetag, internal/image)."""

from __future__ import annotations

from collections.abc import Iterable

from kubeqed.build.kustomize.resources.fields import change_fields
from kubeqed.build.kustomize.resources.patterns import compiled, matches_whole
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.tables import FieldSpec
from kubeqed.build.kustomize.transformers.text import compose_text
from kubeqed.build.node import OriginNode, put
from kubeqed.build.refusal import RefusalError
from kubeqed.parse import Unknown

_TAG_AND_DIGEST = r"(?::[a-zA-Z0-9_.{}-]*)?(?:@[a-zA-Z0-9]+(?:[.+_-][a-zA-Z0-9]+)?:[a-zA-Z0-9_.{}-]*)?"
_LISTS = ("containers", "initContainers")
_MADE_BY = ("newTag", "digest", "newName", "tagSuffix", "name")


def set_images(resources: ResourceMap, entry: OriginNode, specs: Iterable[FieldSpec]) -> None:
    """Applies an entry of `images`, in which the name is a pattern; a RefusalError for an image that is no text."""
    listed = list(specs)

    def change(node: OriginNode) -> None:
        if not node.is_scalar:
            raise RefusalError("wrong node kind: expected ScalarNode")
        _set_image(node, entry)

    for one in resources:
        if one.kind != "CustomResourceDefinition":
            _change_containers(one.tree, entry)
            change_fields(one, listed, change)


def _change_containers(node: OriginNode, entry: OriginNode) -> None:
    """The images of all lists that are called like those of containers, wherever they stand."""
    for key, value in node.entries.items():
        _change_containers(value, entry)
        for item in value.items if key in _LISTS else ():
            if (image := item.entries.get("image")) is not None and image.is_scalar:
                _set_image(image, entry)
    for item in node.items:
        _change_containers(item, entry)


def _set_image(node: OriginNode, entry: OriginNode) -> None:
    """Sets one image, if it is meant; a new tag drops the old digest, and the reverse."""
    if isinstance(node.value, Unknown) or not _is_meant(node.text, entry.text_at("name")):
        return
    name, tag, digest = split_image(node.text)
    name = entry.text_at("newName") or name
    new_tag, new_digest, suffix = (entry.text_at(key) for key in ("newTag", "digest", "tagSuffix"))
    if new_tag or new_digest:
        tag, digest = new_tag, new_digest
    elif suffix:
        tag, digest = tag + suffix, ""
    made_by = next((entry.entries[key] for key in _MADE_BY if entry.text_at(key)), entry)
    image = f"{name}{f':{tag}' if tag else ''}{f'@{digest}' if digest else ''}"
    put(node, made_by.like(compose_text(image, entry.entries.values())))


def _is_meant(image: str, name: str) -> bool:
    """Whether the name is this entry's; a pattern that is none matches nothing."""
    if not image.startswith(name[:1]) and name[:1].isalnum():
        return False
    try:
        return matches_whole(compiled(name, _TAG_AND_DIGEST), image)
    except RefusalError:
        return False


def split_image(image: str) -> tuple[str, str, str]:
    """(name, tag, digest) of an image; `:` and `@` before the first `/` belong to a host."""
    slash = max(image.find("/"), 0)
    at, colon = image.find("@", slash), image.find(":", slash)
    if at < 0 and colon < 0:
        return image, "", ""
    if at >= 0 and (colon < 0 or at < colon):
        return image[:at], "", image[at:].removeprefix("@")
    if at >= 0:
        return image[:colon], image[colon:at].removeprefix(":"), image[at:].removeprefix("@")
    return image[:colon], image[colon:].removeprefix(":"), ""
