"""What can be walked and read like a directory: one on the disk, or the files of a revision."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Protocol

GIT = ".git"


class FileType(Enum):
    """What an entry of a directory is; a link is not followed."""

    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    SUBMODULE = "submodule"


class FileTree(Protocol):
    """The files at and below `root`. All paths are absolute and real; those of a revision as they would be on the disk.

    A NotReadError says that something is not read because of what it is, another OSError that it cannot be read.
    `may_ignore` says that there may be files that git does not track, so that its ignore files count.
    """

    root: str
    may_ignore: bool

    def entries(self, directory: str) -> Mapping[str, FileType]:
        """What a directory holds, by name."""

    def resolve(self, link: str) -> str:
        """Where a link leads, if that is in this tree."""

    def read(self, path: str, most: int, *, follow: bool = True) -> bytes:
        """What a file holds, or the file that a link leads to."""

    def is_directory(self, path: str) -> bool:
        """Whether a directory is at a path."""

    def is_file(self, path: str) -> bool:
        """Whether a file is at a path."""
