"""Files whose objects may be parts of others: a kustomization stands at or above them and does not name them."""

from __future__ import annotations

import posixpath
from functools import lru_cache

from kubeqed.model.file_names import is_kustomization
from kubeqed.model.input import Input
from kubeqed.model.unit import Unit


def may_be_partial(file: str, unit: Unit | None, whole: Input) -> bool:
    """Whether what an object of a file lacks may be added by somebody; `unit` is one that holds the file, if any."""
    if unit is not None and file in unit.kustomized:
        return False
    directories = _kustomized(whole)
    directory = whole.directory_of(file)
    while directory not in directories:
        parent = posixpath.dirname(directory)
        if parent == directory:
            return False
        directory = parent
    return True


@lru_cache(maxsize=2)  # asked for each object
def _kustomized(whole: Input) -> frozenset[str]:
    files = (manifest.file for manifest in whole.manifests)
    return frozenset(whole.directory_of(file) for file in files if is_kustomization(file))
