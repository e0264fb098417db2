"""Which text is a manifest: a document with both `apiVersion` and `kind`. All else is another program's."""

from __future__ import annotations

import re

from kubeqed.parse.tree import Mapping, Value

TYPE_KEYS = ("apiVersion", "kind")

_AT_THE_START_OF_A_LINE = re.compile(rf"""^(?:[ \t{{"']|-[ \t])*(?:{"|".join(TYPE_KEYS)})["']?[ \t]*:""", re.MULTILINE)

_JSON = re.compile(r"\s*(?:[{\[]|//|/\*)")


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
