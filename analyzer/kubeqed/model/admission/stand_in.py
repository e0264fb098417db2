"""What the server refuses where a word stands that somebody fills in before."""

from __future__ import annotations

from kubeqed.diagnostic import Certainty
from kubeqed.model.admission.violation import Violation
from kubeqed.model.stand_in import asks_for_key, is_marked, is_word
from kubeqed.parse import Mapping, Sequence, Value, steps


def unless_stand_in(violation: Violation, root: Mapping) -> Violation:
    """The violation, or a mere possibility where the value looks like a word that somebody replaces.

    What fills in the namespace of an object may also add what the object lacks.
    """
    path = violation.place or violation.path
    value = _at(root, path)
    word = violation.misspelt and is_word(value)
    word = word or (violation.missing and _is_filled_in(_at(root, "metadata.namespace")))
    if not word and not any(map(is_marked, _texts(value))) and not any(map(asks_for_key, _keys(path))):
        return violation
    message = f"{violation.message}, unless it is replaced before"
    return violation._replace(certainty=Certainty.POSSIBLE, message=message)


def _at(root: Mapping, path: str) -> Value:
    value: Value = root
    for step in steps(path):
        if isinstance(step, str) and isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, Sequence) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _is_filled_in(value: Value) -> bool:
    variable = isinstance(value, str) and "$" in value  # what replaces variables adds nothing
    return is_word(value) or (isinstance(value, str) and is_marked(value) and not variable)


def _keys(path: str) -> list[str]:
    return [step for step in steps(path) if isinstance(step, str)]


def _texts(value: Value) -> list[str]:
    """The texts of a value: of a map of labels, which the server judges as one, all of them."""
    values = value.values() if isinstance(value, Mapping) else (value,)
    return [text for text in values if isinstance(text, str)]
