"""`kubeqed units`: how the manifests are divided into clusters, and why."""

from __future__ import annotations

import sys

import click

from kubeqed.app.listings.units import list_units
from kubeqed.app.load import load
from kubeqed.app.settings import CommandLineSettings
from kubeqed.cli.options import CONFIG, EXCLUDE, WORLD, within_option
from kubeqed.cli.path import PATH
from kubeqed.cli.question import print_notices
from kubeqed.cli.streams import standard_input, write_out
from kubeqed.report import Options, format_names, render_answer
from kubeqed.report.escape import escape


@click.command("units")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@within_option("list only the units of the other PATHs")
@WORLD
@CONFIG
@EXCLUDE
@click.option("--output-format", type=click.Choice(format_names("units")), default="text", help="Format of the answer.")
def command(
    paths: tuple[str, ...],
    within: tuple[str, ...],
    world: str,
    config: str | None,
    exclude: tuple[str, ...],
    output_format: str,
) -> None:
    """List the units: what ends up in one cluster together, what found it, and what leaves it open.

    PATH is a file, a directory, or - for standard input; without one, the current directory. In which unit a file is,
    and why: kubeqed units --within . FILE.

    Exit status: 0; 2 wrong usage or configuration; 3 something could not be read.
    """
    loaded = load(
        within or paths or (".",),
        CommandLineSettings(config, exclude=exclude),
        closed=world == "closed",
        stdin=standard_input(),
        for_good=True,
        within=bool(within),
    )
    listing = list_units(loaded, paths if within else ())
    write_out(escape(render_answer("units", output_format, listing, Options()), output_format))
    sys.exit(print_notices(listing.notices, ()))
