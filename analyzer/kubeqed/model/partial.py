"""Files whose objects may never reach a server as they are written: parts of others, and what tests read."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from kubeqed.model.file_names import is_kustomization
from kubeqed.model.input import Input
from kubeqed.model.unit import Unit

# https://pkg.go.dev/cmd/go#hdr-Test_packages and Maven's standard directory layout
_TEST_DATA = re.compile(r"(?:^|/)(?:testdata|src/test)(?=/|$)")


def may_be_partial(file: str, unit: Unit | None, whole: Input) -> bool:
    """Whether what an object of a file lacks may be added: a kustomization stands at or above it and does not name it.

    `unit` is one that holds the file, if any.
    """
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


def is_test_data(file: str, whole: Input) -> bool:
    """Whether only tests read a file: a directory on the way from the PATHs to it bears a name that Go or Maven leaves out of builds."""
    inside, common = whole.directory_of(file), whole.paths.common
    return _TEST_DATA.search(inside) is not None and _TEST_DATA.search(common) is None


@lru_cache(maxsize=2)  # asked for each object
def _kustomized(whole: Input) -> frozenset[str]:
    files = (manifest.file for manifest in whole.manifests)
    return frozenset(whole.directory_of(file) for file in files if is_kustomization(file))
