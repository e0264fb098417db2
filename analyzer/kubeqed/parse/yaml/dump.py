"""Values as YAML, for edits."""

from __future__ import annotations

import re

from kubeqed.parse.yaml.scalar import ScalarError, resolve

_PLAIN = r"[A-Za-z0-9][\w./-]*"


def dump(value: str | int) -> str:
    """The shortest scalar that reads as the value."""
    import json  # only an edit needs it

    return value if isinstance(value, str) and _is_plain(value) else json.dumps(value)


def _is_plain(text: str) -> bool:
    try:
        return bool(re.fullmatch(_PLAIN, text, re.ASCII)) and resolve(text) == text
    except ScalarError:
        return False
