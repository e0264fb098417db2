"""What the server refuses where a word stands that is to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation
from kubeqed.diagnostic import Certainty
from kubeqed.model.values.known import equals
from kubeqed.model.values.stand_in import (
    asks_for_key,
    is_description,
    is_format_field,
    is_marked,
    is_word,
)
from kubeqed.parse import Mapping, Sequence, Value, locate_key, split_path, unpack, value_at

_OF_NO_VALUE = (Reason.FIELD_UNKNOWN, Reason.API_REMOVED)
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def soften_stand_in(violation: Violation, root: Mapping) -> Violation:
    """The violation, or a mere possibility where the value looks like a word that is to be replaced.

    What fills in the namespace of an object, or its name or an image that is written as an empty text, may also add what is missing or
    empty there.
    """
    path = violation.place or violation.path
    value = value_at(root, path)
    word = (violation.misspelt and (is_word(value) or _is_of_form(root, value))) or (
        is_format_field(value) and _is_on_one_line(root, path)
    )
    word = (
        word
        or ((violation.missing or _is_empty(value)) and _is_completed(root, path))
        or (_is_empty(value) and not _is_named(root))
        or _is_renamed(root, path)
        or _is_printed_name(value, path)
        or _is_described(root, path)
    )
    if not word and not any(map(is_marked, _list_texts(value))) and not any(map(asks_for_key, _list_keys(path))):
        return violation
    return soften_violation(violation)


def soften_in_template(found: Iterable[Violation]) -> Iterator[Violation]:
    """The violations in a file that its name or its directory's says is a template: what makes manifests of it sets values.

    A field that does not exist, and a kind or version that no server knows, are lost in any case. Of what the server would have refused
    in such files of 300 public repositories, 5 values were wrong and 70 were to be replaced.
    """
    for violation in found:
        stays = violation.reason in _OF_NO_VALUE or violation.path in ("apiVersion", "kind")
        yield violation if stays or violation.certainty is not Certainty.REJECTED else soften_violation(violation)


def soften_violation(violation: Violation) -> Violation:
    """The violation as a mere possibility."""
    message = f"{violation.message}, unless it is replaced before"
    return violation._replace(certainty=Certainty.POSSIBLE, message=message)


def _is_completed(root: Mapping, path: str) -> bool:
    """Whether a program has to complete the object, or the pod that the path leads into."""
    pod = re.match(r"(.*)\.(?:init|ephemeral)?[cC]ontainers\[", path)
    lists = [value_at(root, f"{pod[1]}.{name}") for name in _CONTAINERS] if pod else []
    images = [value_at(container, "image") for each in lists if isinstance(each, Sequence) for container in each]
    written = (*images, value_at(root, "metadata.name"))
    return any(map(_is_empty, written)) or _is_filled_in(value_at(root, "metadata.namespace"))


def _is_of_form(root: Mapping, value: Value) -> bool:
    """Whether an upper-case word stands in a form: `APP`, which elsewhere is meant as it stands, in the namespace `NAMESPACE`."""
    return isinstance(value, str) and value.isupper() and is_word(value_at(root, "metadata.namespace"))


def _is_printed_name(value: Value, path: str) -> bool:
    """Whether a name is `{}`, a field of a format string, which is an empty map to YAML."""
    return (
        isinstance(value, Mapping) and not value and re.search(r"(?:\bname|Name|namespace|image)\Z", path) is not None
    )


def _is_described(root: Mapping, path: str) -> bool:
    """Whether the path leads to a sentence in the place of the base64 text of a Secret."""
    value = value_at(root, path)
    return (
        equals(root.get("kind"), "Secret")
        and split_path(path)[0] == "data"
        and isinstance(value, str)
        and is_description(value)
    )


def _is_named(root: Mapping) -> bool:
    values = (value_at(root, f"metadata.{key}") for key in ("name", "generateName"))
    return any(value is not None and not _is_empty(value) for value in values)


def _is_empty(value: Value) -> bool:
    return isinstance(value, str) and not value


def _is_renamed(root: Mapping, path: str) -> bool:
    """Whether the path leads to the name of a Namespace `_`, which only a kustomization with `namespace:` makes one."""
    return path == "metadata.name" and equals(root.get("kind"), "Namespace") and equals(value_at(root, path), "_")


def _is_on_one_line(root: Mapping, path: str) -> bool:
    """Whether the map at a path begins on the line of its own key, as only one in braces does."""
    value = value_at(root, path)
    if not isinstance(value, Mapping) or not isinstance(split_path(path)[-1], str):
        return False
    return unpack(locate_key(root, path, 0))[0] == unpack(value.marks[0])[0]


def _is_filled_in(value: Value) -> bool:
    variable = isinstance(value, str) and "$" in value  # what replaces variables adds nothing
    return is_word(value) or (isinstance(value, str) and is_marked(value) and not variable)


def _list_keys(path: str) -> list[str]:
    return [step for step in split_path(path) if isinstance(step, str)]


def _list_texts(value: Value) -> list[str]:
    """The texts of a value: of a map of labels or a list of host names, which the server judges as one, all of them."""
    values = value.values() if isinstance(value, Mapping) else value if isinstance(value, Sequence) else (value,)
    return [text for text in values if isinstance(text, str)]
