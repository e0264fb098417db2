"""`kubeqed init`: a first configuration."""

from __future__ import annotations

import os.path

import click

from kubeqed.app.initial import write_initial_configuration
from kubeqed.app.load import load
from kubeqed.app.settings import CommandLineSettings
from kubeqed.cli.path import PATH
from kubeqed.cli.streams import write_err, write_file
from kubeqed.config import FILE_NAME


@click.command("init")
@click.argument("directory", type=PATH, default=".", metavar="[DIRECTORY]")
def command(directory: str) -> None:
    """Write a commented kubeqed.yaml from what the manifests show.

    DIRECTORY is where the file goes; the manifests below are read. A file that is there already stays as it is.

    Exit status: 0 written; 2 there is one already, or DIRECTORY is not a directory.
    """
    if not os.path.isdir(directory):
        raise click.BadParameter(f"{directory!r} is not a directory", param_hint="DIRECTORY")
    file = os.path.join(directory, FILE_NAME) if directory != os.curdir else FILE_NAME
    if os.path.lexists(file):
        raise click.UsageError(f"{file} is there already")
    loaded = load((directory,), CommandLineSettings(), closed=False)
    write_file(file, write_initial_configuration(loaded, os.path.realpath(directory)))
    write_err(f"kubeqed: {file} written; fill in what you know, and `kubeqed config show` says what holds")
