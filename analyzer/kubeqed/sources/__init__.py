"""Which files and streams are read, as bytes: the only room that reads what users and strangers wrote.

`collect` turns the PATHs of the command line into files in a fixed order, and says what could not be read. Files of a
directory stay unread when git ignores them, and those of a Helm chart that hold templates or values, because they
are no manifests until something renders them.

There are two doors. `read` takes what the user names, whatever it is. All that is found, because it lies in a tree or
because a file names it, comes through `DiskTree`: a plain file, inside of the repository, of bounded size. No program is
run, but for git, which gives the files of a revision.
"""

from kubeqed.sources.around import Around, around_on_disk
from kubeqed.sources.beyond import collect_beyond
from kubeqed.sources.buffers import with_buffers
from kubeqed.sources.collected import Collected, collect, read_found, tree_around
from kubeqed.sources.content import LARGEST, STANDARD_INPUT, is_stream, read, read_lines
from kubeqed.sources.git.repository import find_upwards, name_from_root, origin_url, repository_of, repository_root
from kubeqed.sources.paths import Paths, Root, is_below, list_places_above, real_path
from kubeqed.sources.patterns.excluded import Excluded
from kubeqed.sources.source import SourceFile
from kubeqed.sources.tree import GIT, FileTree, FileType
from kubeqed.sources.unread import LFS_POINTER, Unread

__all__ = [
    "GIT",
    "LARGEST",
    "LFS_POINTER",
    "STANDARD_INPUT",
    "Around",
    "Collected",
    "Excluded",
    "FileTree",
    "FileType",
    "Paths",
    "Root",
    "SourceFile",
    "Unread",
    "around_on_disk",
    "collect",
    "collect_beyond",
    "find_upwards",
    "is_below",
    "is_stream",
    "list_places_above",
    "name_from_root",
    "origin_url",
    "read",
    "read_found",
    "read_lines",
    "real_path",
    "repository_of",
    "repository_root",
    "tree_around",
    "with_buffers",
]
