"""`vars`: names in `$( )` with the value of a field of a resource (filters/refvar, accumulator)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from kubeqed.build.kustomize.resources.fields import change_fields
from kubeqed.build.kustomize.resources.identity import ResourceId, is_cluster_scoped, split_version
from kubeqed.build.kustomize.resources.paths import look_up, split_field_path, split_indices
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.tables import FieldSpec
from kubeqed.build.kustomize.transformers.replacements import DEFAULT_PATH
from kubeqed.build.kustomize.transformers.text import concat
from kubeqed.build.node import OriginNode, put
from kubeqed.build.refusal import RefusalCause, RefusalError
from kubeqed.build.scalars import Scalar
from kubeqed.parse import Unknown

Variables = dict[str, OriginNode]
Values = Mapping[str, OriginNode]


def declare(resources: ResourceMap, variables: Variables, entries: Iterable[OriginNode]) -> None:
    """Takes in the variables of a kustomization, and notes at each resource which of them mean it."""
    listed = list(entries)
    for entry in listed:
        wanted = _identify_referent(entry)
        exactly = bool(wanted.namespace) or wanted.is_cluster_scoped
        found = resources.by_any_id(partial(_is_meant, wanted=wanted, exactly=exactly))
        if len(found) > 1:
            reason = f"found {len(found)} resId matches for var {entry.text_at('name')} (unable to disambiguate)"
            raise RefusalError(reason, entry.place)
        for one in found:
            one.variables.append(entry.text_at("name"))
    merge_variables(variables, {entry.text_at("name"): entry for entry in listed}, [e.text_at("name") for e in listed])


def merge_variables(variables: Variables, more: Variables, names: Iterable[str]) -> None:
    """Takes in variables; a RefusalError for a name that is there already."""
    for name in names:
        if name in variables:
            raise RefusalError(f"var '{name}' already encountered", more[name].place)
        variables[name] = more[name]


def _identify_referent(entry: OriginNode) -> ResourceId:
    """The identifier that a variable means."""
    api_version = entry.text_at("objref", "apiVersion")
    group, version = split_version(api_version)
    group, version = group or entry.text_at("objref", "group"), version or entry.text_at("objref", "version")
    kind = entry.text_at("objref", "kind")
    name, namespace = entry.text_at("objref", "name"), entry.text_at("objref", "namespace")
    return ResourceId(group, version, kind, name, namespace, is_cluster_scoped(api_version, kind))


def _is_meant(one: ResourceId, wanted: ResourceId, *, exactly: bool) -> bool:
    return one.key == wanted.key if exactly else one.key[:4] == wanted.key[:4]


def resolve(resources: ResourceMap, variables: Variables, specs: Iterable[FieldSpec]) -> None:
    """Puts the value of each variable where a field names it."""
    values = {name: _find_value(resources, entry) for name, entry in sorted(variables.items())}
    listed = list(specs)
    for one in resources if values else ():
        change_fields(one, listed, partial(_expand_node, values=values))


def _find_value(resources: ResourceMap, entry: OriginNode) -> OriginNode:
    """The value of a variable, set by its entry; that of a list or a mapping is never put anywhere."""
    name = entry.text_at("name")
    path = entry.text_at("fieldref", "fieldPath") or DEFAULT_PATH
    for one in resources:
        if name in one.variables:
            found = look_up(one.tree, split_indices(split_field_path(path)))
            if found is None:
                raise RefusalError(
                    f"field specified in var '{name}' not found in corresponding resource",
                    entry.place,
                    RefusalCause.OBJECT,
                )
            value = f"$({name})" if isinstance(found.value, dict | list) else found.value
            return entry.like(value).copied_from(*one.copied_at(path, found))
    raise RefusalError(
        f"var '{name}' cannot be mapped to a field in the set of known resources", entry.place, RefusalCause.OBJECT
    )


def _expand_node(node: OriginNode, values: Values) -> None:
    """Puts values into a text, into the items of a list, or into the entries of a mapping."""
    if isinstance(node.value, dict):
        below = [item for item in node.value.values() if isinstance(item.value, str | Unknown)]
    elif isinstance(node.value, list):
        below = node.value
        if not all(isinstance(item.value, str | Unknown) for item in below):
            raise RefusalError("invalid value type expect a string")
    else:
        below = [node] if isinstance(node.value, str | Unknown) else []
    for one in below:
        _expand_text(one, values)


def _expand_text(node: OriginNode, values: Values) -> None:
    """Puts values into one text; a text that is only a variable gets the value with its type."""
    text = node.text
    if "$(" not in text and "$$" not in text:
        return
    parts, names = _split_text(text, values)
    if not names and "".join(str(part) for part in parts) == text:
        return
    by = values[names[0]] if names else node
    if len(names) == 1 and text == f"$({names[0]})":
        put(node, by)
    elif isinstance(node.value, Unknown) and not names:
        return
    else:
        copied = [one for name in names for one in values[name].copied]
        put(node, by.like(concat(parts)).copied_from(*copied))


def _split_text(text: str, values: Values) -> tuple[list[Scalar], list[str]]:
    """The parts of a text with the values in them, and the names of those variables."""
    parts: list[Scalar] = []
    names: list[str] = []
    position = 0
    while (dollar := text.find("$", position)) >= 0 and dollar + 1 < len(text):
        parts.append(text[position:dollar])
        after = text[dollar + 1]
        end = text.find(")", dollar) if after == "(" else -1
        if end >= 0:
            name = text[dollar + 2 : end]
            parts.append(values[name].scalar if name in values else text[dollar : end + 1])
            names += [name] if name in values else []
            position = end + 1
        else:
            parts.append("$" if after == "$" else f"${after}")
            position = dollar + 2
    parts.append(text[position:])
    return parts, names
