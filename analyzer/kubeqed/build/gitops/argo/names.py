"""Names as Argo CD makes them of paths."""

from __future__ import annotations

import re

SET = "ApplicationSet"

_NOT_OF_A_NAME = re.compile(r"[^-a-z0-9.]")
_LONGEST = 253


def sanitize_name(text: str) -> str:
    """A text as a name of DNS (utils.SanitizeName)."""
    return _NOT_OF_A_NAME.sub("-", text.lower())[:_LONGEST].strip("-.")
