"""Colours of a terminal, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kubeqed.diagnostic import Severity

CODES = {"bold": "1", "dim": "2", "error": "1;31", "warning": "1;33", "note": "1;36", "gutter": "1;34", "help": "1;32"}


class Style:
    """Paints text when colours are wanted."""

    def __init__(self, *, color: bool) -> None:
        self.color = color

    def __call__(self, name: str, text: str) -> str:
        """Text in the colour that `CODES` calls so."""
        return f"\033[{CODES[name]}m{text}\033[0m" if self.color and text else text

    def level(self, severity: Severity, text: str) -> str:
        """Text in the colour of a severity."""
        return self(severity.value, text)
