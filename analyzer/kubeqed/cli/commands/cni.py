"""`kubeqed cni`: what each CNI makes of the policies."""

from __future__ import annotations

import sys

import click

from kubeqed.app.listings.cni import list_cnis, loses_lines
from kubeqed.app.load import load
from kubeqed.app.settings import CommandLineSettings
from kubeqed.cli.options import CONFIG, EXCLUDE, QUIET, WORLD
from kubeqed.cli.path import PATH
from kubeqed.cli.question import catch_refusals, print_notices
from kubeqed.cli.status import CLEAN, FINDINGS
from kubeqed.cli.streams import standard_input, write_err, write_out
from kubeqed.cli.terminal import terminal_width
from kubeqed.report import Options, format_names, render_answer
from kubeqed.report.escape import escape


@click.command("cni")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@click.option("--cni", "name", metavar="NAME", help="The CNI of the cluster; instead of that of the configuration.")
@click.option("--cni-version", "version", metavar="X.Y", help="Its version.")
@WORLD
@CONFIG
@EXCLUDE
@click.option("--output-format", type=click.Choice(format_names("cni")), default="text", help="Format of the answer.")
@QUIET
def command(
    paths: tuple[str, ...],
    name: str | None,
    version: str | None,
    world: str,
    config: str | None,
    exclude: tuple[str, ...],
    output_format: str,
    quiet: bool,
) -> None:
    """Say for each CNI whether it enforces the policies as they are written, and if not, which lines are lost.

    PATH is a file, a directory, or - for standard input; without one, the current directory. A lost line leaves the
    cluster too open (what a policy forbids passes) or too strict (what it allows does not pass). The CNI of the cluster,
    as --cni, kubeqed.yaml or the manifests name it, stands first.

    Exit status: 0; 1 when the CNI of the cluster loses something; 2 wrong usage or configuration; 3 something could not
    be read.
    """
    loaded = load(
        paths or (".",),
        CommandLineSettings(config, exclude=exclude),
        closed=world == "closed",
        stdin=standard_input(),
        for_good=True,
    )
    with catch_refusals():
        listing = list_cnis(loaded, name, version)
    options = Options(width=terminal_width(sys.stdout, 100))
    write_out(escape(render_answer("cni", output_format, listing, options), output_format))
    status = print_notices(listing.notices, (), quiet=quiet)
    if not listing.units and not quiet:
        write_err("note: no policy was found, so every CNI does the same")
    sys.exit(status or (FINDINGS if loses_lines(listing) else CLEAN))
