"""Which text is a manifest: a document with both `apiVersion` and `kind`. All else is another program's."""

from __future__ import annotations

import re

from kubeqed.late_pattern import compile_late
from kubeqed.parse.template.scan import holds_action, may_hold, stands_for_lines
from kubeqed.parse.tree.nodes import Mapping, Value

TYPE_KEYS = ("apiVersion", "kind")

_AT_THE_START_OF_A_LINE = compile_late(
    rf"""^(?:[ \t{{"']|-[ \t])*(?:{"|".join(TYPE_KEYS)})["']?[ \t]*:""", re.MULTILINE
)

# An escape that may spell a letter of a key: no program writes one, but a person who hides an object could.
_ESCAPE = compile_late(r"\\(?:(?:x|u00|U000000)[4-7]|[\n\r])")
_JSON = compile_late(r"\s*(?:[{\[]|//|/\*)")


def is_manifest(root: Value) -> bool:
    """Whether a document is a mapping with both keys."""
    return isinstance(root, Mapping) and all(key in root for key in TYPE_KEYS)


def may_hold_manifest(text: str) -> bool:
    """Whether a line of a file that cannot be read begins with one of the keys, so that an object may be lost.

    JSON must hold both: `kind` alone stands in the settings of editors, which allow comments that JSON does not.
    """
    found = sum(key in text for key in TYPE_KEYS)
    enough = len(TYPE_KEYS) if _JSON.match(text) else 1
    return found >= enough and _AT_THE_START_OF_A_LINE.search(text) is not None


def may_hold_object(text: str) -> bool:
    """Whether an object may stand in the text or come out of it, by its words alone; what may not need not be parsed.

    An object needs both keys. With one of them a document may be an object that lacks the other, and a text that is no
    JSON may be a template that writes them.
    """
    found = sum(key in text for key in TYPE_KEYS)
    if found == len(TYPE_KEYS) or _ESCAPE.search(text):
        return True
    if _JSON.match(text) and "\n---" not in text and (not _may_be_template(text) or _is_json(text)):
        return bool(found) and "metadata" in text
    return (bool(found) and _AT_THE_START_OF_A_LINE.search(text) is not None) or may_hold(text)


def _may_be_template(text: str) -> bool:
    return holds_action(text) or stands_for_lines(text)


def _is_json(text: str) -> bool:
    """Whether all actions stand within strings, as those of a dashboard do."""
    import json  # few files need it

    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
