"""Which files and streams are read, as bytes: the only room that touches the disk.

`collect` turns the PATHs of the command line into files in a fixed order, and says what could not be read. Files of a
directory stay unread when git ignores them, and those of a Helm chart that hold templates or values, because they
are no manifests until something renders them.
"""

from kubeqed.sources.buffers import standing_in
from kubeqed.sources.collected import Collected, collect
from kubeqed.sources.content import read
from kubeqed.sources.paths import Paths, Root, is_below
from kubeqed.sources.repository import find_upwards, real_path, repository_root
from kubeqed.sources.source import SourceFile

__all__ = [
    "Collected",
    "Paths",
    "Root",
    "SourceFile",
    "collect",
    "find_upwards",
    "is_below",
    "read",
    "real_path",
    "repository_root",
    "standing_in",
]
