"""Fragments: documents that look like objects and never reach a server whole.

A patch, what a test suite compares with, what an operator made of it, a list of names for `kubectl delete`. A fragment takes part in nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.object import Object


class Fragment(NamedTuple):
    """An object as far as it is written, and why it is none.

    `lacking` says that only missing fields say so, `foreign` that its whole file is another program's.
    """

    part: Object
    why: str
    lacking: bool = False
    foreign: bool = False
