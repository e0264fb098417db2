"""Values as YAML, for edits."""

from __future__ import annotations

import json
import re

from kubeqed.parse.scalar import ScalarError, resolve

_PLAIN = re.compile(r"[A-Za-z0-9][\w./-]*", re.ASCII)


def written(value: str | int) -> str:
    """The shortest scalar that reads as the value."""
    return value if isinstance(value, str) and _is_plain(value) else json.dumps(value)


def _is_plain(text: str) -> bool:
    try:
        return bool(_PLAIN.fullmatch(text)) and resolve(text) == text
    except ScalarError:
        return False
