"""Which modules a package has, by name: plug-ins are found so, and imported only when one is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable


def list_modules(folders: Iterable[str]) -> tuple[str, ...]:
    """The names of the modules in the folders of a package (its `__path__`), sorted, without those that begin with `_`.

    Compiled modules without their source count too.
    """
    stems = {name.partition(".")[0] for folder in folders for name in os.listdir(folder) if ".py" in name}
    return tuple(sorted(stem for stem in stems if not stem.startswith("_")))
