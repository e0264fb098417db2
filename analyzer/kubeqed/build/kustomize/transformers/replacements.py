"""`replacements`: a value of one resource, or one that is written there, set in fields of others (filters/replacement)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from kubeqed.build.kustomize.resources.identity import ResourceId
from kubeqed.build.kustomize.resources.paths import PathMatcher, look_up, split_field_path
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.resources.selection import selects_id, selects_labels
from kubeqed.build.kustomize.transformers.text import compose_text
from kubeqed.build.node import OriginNode, put
from kubeqed.build.refusal import RefusalCause, RefusalError
from kubeqed.build.scalars import Scalar
from kubeqed.parse import Through, Unknown, parse
from kubeqed.sources import SourceFile

DEFAULT_PATH = "metadata.name"
_WRITTEN_BY_EDIT = ("metadata.annotations.", "metadata.labels.")  # `kustomize edit set annotation`, `set label`


def replace(resources: ResourceMap, entry: OriginNode) -> None:
    """Applies one replacement; a RefusalError where kustomize refuses it."""
    targets = entry.get("targets")
    source, literal = entry.get("source"), entry.get("sourceValue")
    if (source is None and literal is None) or targets is None:
        raise RefusalError("replacements must specify a source and at least one target", entry.place)
    if source is not None and literal is not None:
        raise RefusalError("value and resource selectors are mutually exclusive", entry.place)
    value, copied = (literal or entry, ()) if source is None else _source_value(resources, source)
    for target in targets.items:
        _replace_in(resources, value, copied, target)
    resources.settle()


def _source_value(resources: Iterable[BuildResource], source: OriginNode) -> tuple[OriginNode, tuple[Through, ...]]:
    """The node that a source names, and where it was set; a RefusalError where that is not exactly one.

    Where the source is among the targets, a later one gets what an earlier one has made of it, as in the tool.
    """
    found = [one for one in resources if any(_is_source(each, source) for each in one.all_ids)]
    wanted = _spell_source(source)
    if len(found) != 1:
        reason = f"multiple matches for selector {wanted}" if found else f"nothing selected by {wanted}"
        raise RefusalError(reason, source.place, RefusalCause.OBJECT)
    path = source.text_at("fieldPath") or DEFAULT_PATH
    value = look_up(found[0].tree, split_field_path(path))
    if value is None or value.is_empty:
        cause = RefusalCause.EDITED if path.startswith(_WRITTEN_BY_EDIT) else RefusalCause.OBJECT
        raise RefusalError(f"fieldPath `{path}` is missing for replacement source {wanted}", source.place, cause)
    return _refine_value(value, source.get("options")), found[0].copied_at(path, value)


def _is_source(one: ResourceId, source: OriginNode) -> bool:
    namespace = source.text_at("namespace")
    return (
        source.text_at("name") in ("", one.name)
        and (
            not namespace
            or one._replace(namespace=namespace, is_cluster_scoped=False).effective_namespace == one.effective_namespace
        )
        and one.is_selected(source.text_at("group"), source.text_at("version"), source.text_at("kind"))
    )


def _spell_source(source: OriginNode) -> str:
    group, version, kind, name, namespace = (source.text_at(key) for key in ResourceId._fields[:5])
    return str(ResourceId(group, version, kind, name, namespace))


def _refine_value(value: OriginNode, options: OriginNode | None) -> OriginNode:
    """The part of a value that the options of a source name."""
    delimiter = options.text_at("delimiter") if options is not None else ""
    if not delimiter:
        return value
    if not value.is_scalar:
        raise RefusalError("delimiter option can only be used with scalar nodes")
    if isinstance(value.value, Unknown):
        return value
    parts, index = value.text.split(delimiter), _read_index(options)
    if not 0 <= index < len(parts):
        raise RefusalError(f"options.index {index} is out of bounds for the value")
    return value.like(parts[index])


def _read_index(options: OriginNode | None) -> int:
    index = options.get("index") if options is not None else None
    return index.value if index is not None and isinstance(index.value, int) else 0


def _replace_in(
    resources: Iterable[BuildResource], value: OriginNode, copied: tuple[Through, ...], target: OriginNode
) -> None:
    selector = target.get("select")
    if selector is None:
        raise RefusalError("target must specify resources to select", target.place)
    rejects = target.get("reject")
    for one in resources:
        ids = [one.current_id, *one.previous_ids]
        if (
            selects_labels(one, selector)
            and not _is_rejected(one, ids, rejects)
            and any(selects_id(each, selector) for each in ids)
        ):
            _copy_value(one, value, copied, target)


def _is_rejected(one: BuildResource, ids: list[ResourceId], rejects: OriginNode | None) -> bool:
    """Whether a target says that a resource is not meant."""
    for reject in rejects.items if rejects is not None else ():
        by_labels = any(reject.text_at(key) for key in ("labelSelector", "annotationSelector"))
        if by_labels and selects_labels(one, reject):
            return True
        by_name = any(reject.text_at(key) for key in ("group", "version", "kind", "name", "namespace"))
        if by_name and any(selects_id(each, reject) for each in ids):
            return True
    return False


def _copy_value(one: BuildResource, value: OriginNode, copied: tuple[Through, ...], target: OriginNode) -> None:
    """Sets a value in each field that a target names."""
    options = target.get("options")
    creates = options is not None and options.text_at("create") == "true"
    for item in target.items_at("fieldPaths") or [target.like(DEFAULT_PATH)]:
        by = item.like(value.value).copied_from(*copied)
        steps = split_field_path(item.text)
        if _set_in_text(one.tree, steps, by, options, creates=creates):
            continue
        what = "find or create" if creates else "find"
        missing = f'unable to {what} field "{item.text}" in replacement target'
        try:
            fields = PathMatcher(by if creates else None).find(
                one.tree, [step.strip() for step in steps if step.strip()]
            )
        except RefusalError as error:
            raise RefusalError(f"{missing}: {error.reason}", item.place, RefusalCause.OBJECT) from None
        if not fields:
            raise RefusalError(missing, item.place, RefusalCause.OBJECT)
        for field in fields:
            _set_field(field, by, options)


def _set_field(field: OriginNode, by: OriginNode, options: OriginNode | None) -> None:
    """Sets one field; with a delimiter only a part of its text."""
    value = by.value
    delimiter = options.text_at("delimiter") if options is not None else ""
    if delimiter:
        if not field.is_scalar:
            raise RefusalError("delimiter option can only be used with scalar nodes", by.place)
        value = _with_part(field, by, delimiter, _read_index(options))
    if field.is_scalar and by.is_scalar:
        put(field, by.like(_in_type_of(field, value, by)))
    elif field.is_scalar:
        put(field, by.like(""))
    else:
        put(field, by.like(by.like(value).copy().value))


def _with_part(field: OriginNode, by: OriginNode, delimiter: str, index: int) -> str | Unknown:
    parts = field.text.split(delimiter)
    if index < 0:
        parts.insert(0, by.text)
    elif index >= len(parts):
        parts.append(by.text)
    else:
        parts[index] = by.text
    return compose_text(delimiter.join(parts), (field, by))


def _in_type_of(field: OriginNode, value: object, by: OriginNode) -> Scalar:
    """The text of a value as the type of the field that it is set in: a number stays a number, a text a text."""
    if isinstance(value, Unknown):
        return value
    text = value if isinstance(value, str) else by.text
    if isinstance(field.value, str | Unknown):
        return text
    resolved = _resolve_scalar(text)
    kind = type(field.value)
    if field.value is None or type(resolved) is kind or (kind is float and isinstance(resolved, int)):
        return resolved
    name = {bool: "!!bool", int: "!!int", float: "!!float"}[kind]
    raise RefusalError(f"cannot decode a !!str as a {name}", by.place)


def _resolve_scalar(text: str) -> Scalar:
    """What a plain scalar of YAML means."""
    documents = parse(SourceFile("", f"- {text}\n".encode())).documents if "\n" not in text else ()
    root = documents[0].document.root if documents else None
    item = root[0] if isinstance(root, list) and root else text
    return text if isinstance(item, dict | list | Unknown) else item


def _set_in_text(
    root: OriginNode, steps: list[str], by: OriginNode, options: OriginNode | None, *, creates: bool
) -> bool:
    """Sets a field inside of a text that holds JSON; whether the path leads into one."""
    for count in range(1, len(steps)):
        try:
            field = look_up(root, steps[:count])
        except RefusalError:
            continue
        if field is None or not field.is_scalar or not field.text.lstrip().startswith(("{", "[")):
            continue
        documents = parse(SourceFile("", field.text.encode())).documents
        if not documents or documents[0].document.root is None:
            return False
        from kubeqed.build.node import put, thaw

        inside = thaw(documents[0])
        try:
            found = PathMatcher(by if creates else None).find(inside, steps[count:])
        except RefusalError:
            return False
        for node in found:
            _set_field(node, by, options)
        if found:
            put(field, by.like(_dump_json(_to_plain(inside), like=field.text)))
        return bool(found)
    return False


def _dump_json(value: object, like: str) -> str:
    """JSON as Go writes it, in lines where the text was."""
    pretty = "\n" in like and "  " in like
    text = json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        indent=2 if pretty else None,
        separators=None if pretty else (",", ":"),
    )
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _to_plain(node: OriginNode) -> object:
    if isinstance(node.value, dict):
        return {key: _to_plain(item) for key, item in node.value.items()}
    if isinstance(node.value, list):
        return [_to_plain(item) for item in node.value]
    return node.text if isinstance(node.value, Unknown) else node.value
