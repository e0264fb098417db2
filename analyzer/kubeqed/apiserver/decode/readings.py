"""Numbers and booleans that the source spells in another way than their value looks: `010` is 8, `on` is true.

What a text field refuses is said with the text as written. An integer field takes 8 for `010` without a word, so that
is said here, but for file modes, where octal digits are meant.
https://yaml.org/type/int.html, as go-yaml reads it
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation
from kubeqed.diagnostic import Certainty
from kubeqed.late_pattern import compile_late
from kubeqed.model.kinds.object import Identity
from kubeqed.model.values.known import equals
from kubeqed.parse import Mapping, Mark, Sequence, Value, locate, parse_whole_number

_OCTAL = compile_late(r"[-+]?0[0-9_]+|[-+]?0o[0-7_]+")
_FLAG_WORDS = compile_late(r"(?i:y|n|yes|no|on|off)")
_MODES = frozenset(("mode", "defaultMode"))


def quote_source_text(identity: Identity, found: Iterable[Violation]) -> Iterator[Violation]:
    """The violations with the text that the source holds, then the integers that were read as octal."""
    readings = identity.origin.document.readings
    refused = set()
    for violation in found:
        refused.add(violation.path)
        yield (
            _quote_reading(violation, identity.root, readings)
            if violation.reason == Reason.SCALAR_MISREAD
            else violation
        )
    octal = {mark: text for mark, text in readings.items() if _OCTAL.fullmatch(text)}
    for node, text in _list_integers(Node(identity.root), octal) if octal else ():
        if node.path not in refused and not equals(node.value, parse_whole_number(re.sub("[o_]", "", text))):
            what = f"sets {node.path} to {text}, which the server reads as octal, the number {node.value}"
            yield Violation(Reason.SCALAR_MISREAD, node.path, what, Certainty.LIKELY)


def soften_built_text(violation: Violation, identity: Identity) -> Violation:
    """The violation, of an object that kustomize builds, or a mere possibility where kustomize makes a text of the value.

    It does so with the object's own annotations, and with `on`, `yes` and their like, which are true and false to YAML 1.1
    and so to kubectl. It does not with labels or the annotations of a template.
    """
    readings = identity.origin.document.readings
    text = readings.get(locate(identity.root, violation.path, 0)[0]) if readings else None
    made = "reads on, yes and their like as text" if text is not None and _FLAG_WORDS.fullmatch(text) else ""
    if violation.path.startswith("metadata.annotations"):
        made = "makes texts of all annotations"
    if violation.reason != Reason.SCALAR_MISREAD or not made:
        return violation
    message = f"{violation.message}, unless kustomize builds it, which {made}"
    return violation._replace(certainty=Certainty.POSSIBLE, message=message)


def _quote_reading(violation: Violation, root: Mapping, readings: dict[Mark, str]) -> Violation:
    text = readings.get(locate(root, violation.path, 0)[0])
    start = f"sets {violation.path} to the "
    if text is None or not violation.message.startswith(start):
        return violation
    rest = violation.message.removeprefix(start)
    return violation._replace(message=f"sets {violation.path} to {text}, in YAML the {rest}")


def _list_integers(node: Node, marks: dict[Mark, str]) -> Iterator[tuple[Node, str]]:
    """The integers at the marks, in the order of the source, but for file modes."""
    for below, mark in _list_children(node):
        value = below.value
        if isinstance(value, int) and mark in marks and below.step not in _MODES:
            yield below, marks[mark]
        yield from _list_integers(below, marks)


def _list_children(node: Node) -> Iterator[tuple[Node, Mark]]:
    value: Value = node.value
    if isinstance(value, Mapping):
        for position, (key, item) in enumerate(value.items()):
            yield Node(item, node, key), value.marks[2 * position + 1]
    elif isinstance(value, Sequence):
        for index, item in enumerate(value):
            yield Node(item, node, index), value.marks[index]
