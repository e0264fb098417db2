"""JSON values as YAML on one line, to be pasted into a manifest."""

from __future__ import annotations

import re
from json import dumps
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*\Z|[0-9]+\.[0-9]+\.[0-9]+[0-9./]*\Z")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})


def flow(value: Any) -> str:
    """The value in flow style: `{from: [{podSelector: {matchLabels: {app: web}}}]}`."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{flow(key)}: {flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, str) and (not _PLAIN.match(value) or value.lower() in _WORDS):
        return dumps(value)
    return str(value)
