"""The two versions that commands compare."""

from __future__ import annotations

import sys

from kubeqed.app.diff import DiffVersion, load_version, load_working_tree
from kubeqed.app.question import Basis
from kubeqed.cli.status import USAGE
from kubeqed.cli.streams import standard_input, write_err
from kubeqed.sources.revision import RevisionError


def load_versions(old: str, new: str | None, basis: Basis) -> tuple[DiffVersion, DiffVersion]:
    """OLD and NEW, the working tree where NEW is not named; exits where git cannot read a revision."""
    new = new if new is not None else load_working_tree(old)
    sides = []
    for text, other in ((old, new), (new, old)):
        try:
            sides.append(load_version(text, other, basis, standard_input()))
        except RevisionError as error:
            write_err(f"{text}: error: {error}")
            sys.exit(USAGE)
    before, after = sides
    return before, after
