"""JSON patches (RFC 6902) as the library applies them that kustomize uses (evanphx/json-patch v4)."""

from __future__ import annotations

from kubeqed.build.kustomize.tables import ONCE_NAMESPACED
from kubeqed.build.node import Items, OriginNode
from kubeqed.build.refusal import RefusalCause, RefusalError

_OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")


def check_operations(operations: OriginNode) -> None:
    """A RefusalError where a text is no list of objects, as the library decodes it."""
    if operations.value is not None and not isinstance(operations.value, list):
        raise RefusalError("unable to parse SM or JSON patch", operations.place)
    for operation in operations.items:
        if not isinstance(operation.value, dict):
            raise RefusalError("unable to parse SM or JSON patch", operation.place)


def apply_operations(root: OriginNode, operations: OriginNode) -> None:
    """Applies each operation to a tree; a RefusalError at the first that does not apply."""
    for operation in operations.items:
        name = operation.text_at("op")
        try:
            _apply_operation(root, operation, name)
        except RefusalError as error:
            cause = RefusalCause.VERSION if _depends_on_version(root, operation) else RefusalCause.OBJECT
            raise RefusalError(error.reason, error.place or operation.place, cause) from None


def _depends_on_version(root: OriginNode, operation: OriginNode) -> bool:
    """Whether an operation takes away the namespace that older versions of the tool give to an object of the whole cluster."""
    kind = f"{root.text_at('apiVersion')} {root.text_at('kind')}"
    return operation.text_at("path") == "/metadata/namespace" and kind in ONCE_NAMESPACED


def _apply_operation(root: OriginNode, operation: OriginNode, name: str) -> None:
    """Applies one operation."""
    if name not in _OPERATIONS:
        raise RefusalError(f"Unexpected kind: {name}")
    if (path := operation.entries.get("path")) is None:
        raise RefusalError("missing path")
    if name in ("move", "copy"):
        _move_value(root, operation, path.text, name)
    elif name == "test":
        _test_value(root, operation, path.text)
    elif name == "remove":
        _take_out(_find_parent(root, path.text, name), _last_step(path.text), path.text, name)
    else:
        value = operation.entries.get("value")
        new = value.copy() if value is not None else operation.like(None)
        _write_value(root, path.text, new, name)


def _write_value(root: OriginNode, path: str, new: OriginNode, name: str) -> None:
    """Adds or replaces a value."""
    if path == "" and name == "replace":
        if new.is_scalar:
            raise RefusalError("replace operation value must be object or array")
        root.value, root.source, root.mark = new.value, new.source, new.mark
        return
    parent, key = _find_parent(root, path, name), _last_step(path)
    if name == "replace":
        _put_over(parent, key, new, path)
    elif isinstance(parent.value, dict):
        parent.set(key, new)
    else:
        _insert_item(parent.items, key, new)


def _put_over(parent: OriginNode, key: str, new: OriginNode, path: str) -> None:
    if isinstance(parent.value, dict):  # the library replaces what is not there, too
        parent.set(key, new)
        return
    number = _parse_index(key, len(parent.items))
    if not 0 <= number < len(parent.items):
        raise RefusalError(f"replace operation does not apply: doc is missing key: {path}: missing value")
    new.replaces(parent.items[number])
    parent.items[number] = new


def _insert_item(items: Items, key: str, new: OriginNode) -> None:
    """Adds an item before an index, or at the end; a negative one counts from there."""
    if key == "-":
        items.append(new)
        return
    number = _parse_index(key, len(items) + 1)
    if not 0 <= number <= len(items):
        raise RefusalError(f"Unable to access invalid index: {key}: invalid index referenced")
    items.insert(number, new)


def _move_value(root: OriginNode, operation: OriginNode, path: str, name: str) -> None:
    """Moves or copies a value; what is copied from nowhere is null to the library."""
    source = operation.text_at("from")
    parent, key = _find_parent(root, source, name), _last_step(source)
    if name == "move":
        node = _take_out(parent, key, source, name)
    elif isinstance(parent.value, dict) and key not in parent.value:
        node = operation.like(None)
    else:
        node = _find_child(parent, key, source, name).copy()
    _write_value(root, path, node, "add")


def _test_value(root: OriginNode, operation: OriginNode, path: str) -> None:
    """A RefusalError where the value at a path is not the one that the operation names."""
    wanted = operation.entries.get("value")
    parent, key = (_find_parent(root, path, "test"), _last_step(path)) if path else (root, "")
    if path and isinstance(parent.value, dict):
        found = parent.value.get(key) or operation.like(None)
    else:
        found = _find_child(parent, key, path, "test") if path else root
    if not _is_same(found, wanted):
        raise RefusalError(f"testing value {path} failed: test failed")


def _is_same(one: OriginNode, other: OriginNode | None) -> bool:
    """Whether two values are one to JSON, wherever they stand."""
    if other is None:
        return one.value is None
    if isinstance(one.value, dict) and isinstance(other.value, dict):
        return one.value.keys() == other.value.keys() and all(_is_same(v, other.value[k]) for k, v in one.value.items())
    if isinstance(one.value, list) and isinstance(other.value, list):
        return len(one.value) == len(other.value) and all(map(_is_same, one.value, other.value))
    return one.is_scalar and other.is_scalar and type(one.value) is type(other.value) and one.text == other.text


def _take_out(parent: OriginNode, key: str, path: str, name: str) -> OriginNode:
    found = _find_child(parent, key, path, name)
    if isinstance(parent.value, dict):
        del parent.value[key]
    else:
        del parent.items[_parse_index(key, len(parent.items))]
    return found


def _find_child(parent: OriginNode, key: str, path: str, name: str) -> OriginNode:
    """What stands under a key or an index."""
    if isinstance(parent.value, dict):
        found = parent.value.get(key)
    else:
        number = _parse_index(key, len(parent.items))
        found = parent.items[number] if 0 <= number < len(parent.items) else None
    if found is None:
        what = "Unable to remove nonexistent key" if name == "remove" else "unable to get nonexistent key"
        raise RefusalError(f"{name} operation does not apply: {what}: {path}: missing value")
    return found


def _find_parent(root: OriginNode, path: str, name: str) -> OriginNode:
    """The mapping or list that holds what a pointer names."""
    node: OriginNode | None = root if "/" in path else None
    for step in _split_pointer(path)[:-1]:
        if node is None or node.is_scalar:
            break
        if isinstance(node.value, dict):
            node = node.value.get(step)
        else:
            number = _parse_index(step, len(node.items))
            node = node.items[number] if 0 <= number < len(node.items) else None
    if node is None or node.is_scalar:
        raise RefusalError(f'{name} operation does not apply: doc is missing path: "{path}": missing value')
    return node


def _parse_index(step: str, length: int) -> int:
    """The position that a step of a pointer names."""
    try:
        number = int(step)
    except ValueError:
        raise RefusalError(f'strconv.Atoi: parsing "{step}": invalid syntax') from None
    return number + length if number < 0 else number


def _last_step(path: str) -> str:
    return _split_pointer(path)[-1]


def _split_pointer(path: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]] or [""]
