"""Which files and streams are read, as bytes: the only room that touches the disk."""

from kubeqed.sources.source import SourceFile

__all__ = ["SourceFile"]
