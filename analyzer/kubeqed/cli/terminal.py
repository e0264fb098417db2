"""What is known of the terminal that a stream leads to."""

from __future__ import annotations

import os
from typing import TextIO


def terminal_width(stream: TextIO, otherwise: int) -> int:
    """The columns of a terminal; `otherwise` elsewhere, so that output does not depend on where it is made.

    A terminal without a known size has 0 columns, which says nothing.
    """
    try:
        return os.get_terminal_size(stream.fileno()).columns or otherwise
    except OSError:
        return otherwise
