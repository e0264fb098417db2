"""The `kustomize` options of a source, laid over its kustomization as Argo CD does it with `kustomize edit` (util/kustomize)."""

from __future__ import annotations

from collections.abc import Mapping

from kubeqed.build.directory import is_remote
from kubeqed.build.gitops.argo.environment import Environment
from kubeqed.build.kustomize.kustomization import DecodedKustomization
from kubeqed.build.kustomize.settings import KUSTOMIZATION, decode, drop_unknown
from kubeqed.build.kustomize.transformers.images import split_image
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalCause, RefusalError
from kubeqed.parse import Unknown

_PRESERVED = "*"
_IMAGE_FIELDS = ("newName", "newTag", "digest")


def lay_over(found: DecodedKustomization, options: OriginNode, environment: Environment) -> DecodedKustomization:
    """The kustomization with the options in it; a RefusalError, with its place, for what `kustomize edit` refuses."""
    fields = found.fields.copy()
    laid = DecodedKustomization(found.directory, fields, found.file)
    for field in ("namePrefix", "nameSuffix"):
        _copy_option(fields, field, options)
    _set_images(fields, options.items_at("images"), environment)
    _set_replicas(fields, options.items_at("replicas"))
    _add_labels(fields, options, environment)
    _add_annotations(fields, options, environment)
    _copy_option(fields, "namespace", options)
    _append_items(fields, "patches", [_make_patch(one) for one in options.items_at("patches")])
    _append_items(fields, "components", _find_components(laid, options))
    return laid


def _copy_option(fields: OriginNode, field: str, options: OriginNode) -> None:
    if (node := options.get(field)) is not None and node.text:
        fields.set(field, node.copy())


def _append_items(fields: OriginNode, field: str, items: list[OriginNode]) -> None:
    if items:
        fields.set(field, items[0].like([*fields.items_at(field), *items]))


def _set_images(fields: OriginNode, stated: list[OriginNode], environment: Environment) -> None:
    """`edit set image`: each replaces the entry of its name, of which `*` keeps a part; all are sorted by name."""
    if not stated:
        return
    old = {one.text_at("name"): one for one in (*fields.items_at("images"), *fields.items_at("imageTags"))}
    new = {one.text_at("name"): one for one in (_make_image(environment.expand(node)) for node in stated)}
    for name, one in new.items():
        for field in _IMAGE_FIELDS:
            if one.text_at(field) == _PRESERVED:
                kept = old[name].get(field) if name in old else None
                one.entries[field] = kept.copy() if kept is not None else one.like("")
    images = {**old, **new}
    fields.entries.pop("imageTags", None)
    fields.set("images", stated[0].like([images[name] for name in sorted(images)]))


def _make_image(node: OriginNode) -> OriginNode:
    """An image as `[name=]image[:tag][@digest]` has it."""
    text = node.text
    key, separator, value = text.partition("=")
    name, tag, digest = split_image(value if separator else text)
    if name == text:
        raise RefusalError("invalid format of image, use one of the following options", node.place)
    parts = {"name": key if separator else name, "newTag": tag, "digest": digest, "newName": name if separator else ""}
    unknown = node.value if isinstance(node.value, Unknown) else None
    return node.like(
        {
            field: node.like(Unknown(unknown.term, part) if unknown is not None and "$" in part else part)
            for field, part in parts.items()
        }
    )


def _set_replicas(fields: OriginNode, stated: list[OriginNode]) -> None:
    """`edit set replicas`: each replaces the entry of its name; all are sorted by name."""
    if not stated:
        return
    replicas = {one.text_at("name"): one for one in fields.items_at("replicas")}
    for one in stated:
        count = one.get("count")
        if count is not None and isinstance(count.value, str):
            if not count.value.lstrip("+-").isdecimal():
                raise RefusalError(f"expected integer value for count. Received: {count.value}", count.place)
            count = count.like(int(count.value))
        replicas[one.text_at("name")] = one.like({**one.entries, "count": count} if count is not None else one.entries)
    fields.set("replicas", stated[0].like([replicas[name] for name in sorted(replicas)]))


def _add_labels(fields: OriginNode, options: OriginNode, environment: Environment) -> None:
    """`edit add label`: to `commonLabels`, or to an entry of `labels` that leaves selectors alone."""
    stated = options.get("commonLabels")
    if stated is None or not stated.entries:
        return
    pairs = {key: environment.expand(node) for key, node in stated.entries.items()}
    includes_templates = options.text_at("labelIncludeTemplates") == "true"
    force = options.text_at("forceCommonLabels") == "true"
    if options.text_at("labelWithoutSelector") != "true":
        if includes_templates:
            reason = "--without-selector flag must be specified for --include-templates to work"
            raise RefusalError(reason, options.entries["labelIncludeTemplates"].place)
        _add_pairs(fields, "commonLabels", stated, pairs, "label", force=force)
        return
    entry = next(
        (one for one in fields.items_at("labels") if _has_settings(one, includes_templates=includes_templates)), None
    )
    if entry is None:
        entry = stated.like({"pairs": stated.like({}), "includeTemplates": stated.like(includes_templates)})
        _append_items(fields, "labels", [entry])
    _add_pairs(entry, "pairs", stated, pairs, "label", force=force)


def _has_settings(entry: OriginNode, *, includes_templates: bool) -> bool:
    return entry.text_at("includeSelectors") != "true" and includes_templates == (
        entry.text_at("includeTemplates") == "true"
    )


def _add_annotations(fields: OriginNode, options: OriginNode, environment: Environment) -> None:
    """`edit add annotation`."""
    stated = options.get("commonAnnotations")
    if stated is None or not stated.entries:
        return
    expands = options.text_at("commonAnnotationsEnvsubst") == "true"
    pairs = {key: environment.expand(node) if expands else node for key, node in stated.entries.items()}
    force = options.text_at("forceCommonAnnotations") == "true"
    _add_pairs(fields, "commonAnnotations", stated, pairs, "annotation", force=force)


def _add_pairs(
    holder: OriginNode, field: str, stated: OriginNode, pairs: Mapping[str, OriginNode], kind: str, *, force: bool
) -> None:
    """Adds labels or annotations; one that is there already is an error unless that is forced."""
    held = holder.get(field)
    if held is None or not isinstance(held.value, dict):
        held = stated.like({})
        holder.set(field, held)
    for key, node in pairs.items():
        if key in held.entries and not force:
            raise RefusalError(f"{kind} {key} already in kustomization file. Use --force to override.", node.place)
        new = node.copy()
        new.key_source, new.key_mark = node.key_source, node.key_mark
        held.entries[key] = new


def _make_patch(node: OriginNode) -> OriginNode:
    """A patch, of which Argo CD knows these fields."""
    shape = KUSTOMIZATION["patches"][0]
    return decode(drop_unknown(node, shape), shape, "Kustomization.patches")


def _find_components(laid: DecodedKustomization, options: OriginNode) -> list[OriginNode]:
    """The components; those that are missing may be left out, and one that is there already counts once."""
    ignores_missing = options.text_at("ignoreMissingComponents") == "true"
    held = {one.text for one in laid.fields.items_at("components")}
    files, made = laid.directory.files, []
    for one in options.items_at("components"):
        real = laid.directory.real(one.text)
        is_there = files.is_directory(real) or files.is_file(real)
        if not is_there and not ignores_missing and not is_remote(one.text):
            reason = f"{one.text} has no match: must build at directory: not a valid directory"
            raise RefusalError(reason, one.place, RefusalCause.NO_FILE)
        if one.text not in held and (is_there or not ignores_missing):
            held.add(one.text)
            made.append(one.copy())
    return made
