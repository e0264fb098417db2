"""`kubeqed equivalent`: whether two sets of policies decide the same for every packet."""

from __future__ import annotations

import sys

import click

from kubeqed.app.prove.equivalent import compare_versions, notices_given_up, render
from kubeqed.app.question import Basis, choose_assumptions, notices_of_unread
from kubeqed.cli.options import QUIET, config_option, world_option
from kubeqed.cli.path import PATH
from kubeqed.cli.question import basis_options, catch_refusals, print_notices
from kubeqed.cli.status import CLEAN, FINDINGS
from kubeqed.cli.streams import write_out
from kubeqed.cli.versions import load_versions
from kubeqed.report import format_names
from kubeqed.report.escape import escape


@click.command("equivalent")
@click.argument("old", type=PATH, metavar="OLD")
@click.argument("new", type=PATH, metavar="[NEW]", required=False)
@click.option(
    "--output-format", type=click.Choice(format_names("equivalent")), default="text", help="Format of the answer."
)
@basis_options(
    world_option("OLD is a cluster, and so is NEW"),
    config_option("each path; a revision has that of the working tree"),
)
@QUIET
def command(old: str, new: str | None, output_format: str, basis: Basis, quiet: bool) -> None:
    """Prove that the policies of OLD and NEW decide the same for every pod, port and address.

    If they do not, a packet that tells them apart is shown, with what decides about it before and after. Pods that no
    manifest shows count too. OLD and NEW are directories, files or git revisions, as for `kubeqed diff`; without NEW, a revision is compared with
    the working tree.

    Exit status: 0 equivalent; 1 different; 2 wrong usage; 3 something could not be read or decided.
    """
    with catch_refusals():
        before, after = load_versions(old, new, basis)
        found = compare_versions(before, after, choose_assumptions(after.loaded, basis))
    write_out(escape(render(found, output_format), output_format))
    notices = [*notices_of_unread(before.loaded), *notices_of_unread(after.loaded), *notices_given_up(found)]
    caveats = [caveat for _, one in found.units for caveat in one.caveats]
    sys.exit(print_notices(notices, caveats, quiet=quiet) or (FINDINGS if found.equivalent is False else CLEAN))
