"""Text in Markdown of Git hosts, where every part of it may come from a manifest."""

from __future__ import annotations

import re

from kubeqed.report.words import escape_text

SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&@]|:(?=//)|(?<=www)\.)")


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is, on one line, and that opens no tag, mention, link or cell."""
    return SPECIAL.sub(r"\\\1", escape_text(text))


def shrink(text: str) -> str:
    """Markdown below what matters more in a cell. Tables that hold all in few cells keep within the page."""
    return f"<br><sub>{text}</sub>"
