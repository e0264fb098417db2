"""The type of a PATH on the command line, apart from the options, whose values need the rules."""

from __future__ import annotations

import os

import click


class PathParameter(click.Path):
    """A PATH as it is given, but for doubled slashes: they mean one, and names of files would hold some of them."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The PATH."""
        path = os.fspath(value)
        while "//" in path:
            path = path.replace("//", "/")
        return super().convert(path, param, ctx)


PATH = PathParameter(readable=False)  # shells complete it; what cannot be read is said later, with all that can
