"""`kubeqed prove`: whether what a team declares of its network holds."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from kubeqed.app.prove.intents import gather_intents
from kubeqed.app.prove.run import prove_intents, render
from kubeqed.app.prove.suggest import suggest_intents
from kubeqed.app.question import Basis, choose_assumptions, notices_of_unread
from kubeqed.cli.options import QUIET, SEVERITIES
from kubeqed.cli.path import PATH
from kubeqed.cli.question import basis_options, catch_refusals, print_notices
from kubeqed.cli.status import USAGE, status
from kubeqed.cli.streams import standard_input, write_err, write_out
from kubeqed.diagnostic import Severity
from kubeqed.report import Options, format_names
from kubeqed.report.escape import escape
from kubeqed.report.prove.suggested import render_suggested
from kubeqed.sources import repository_of


@click.command("prove")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@click.option(
    "--intents", "intents_file", type=PATH, metavar="FILE", help="A file of intents; else those of kubeqed.yaml."
)
@click.option("--suggest", is_flag=True, help="Write the intents that hold today, as a file for --intents.")
@basis_options()
@click.option("--output-format", type=click.Choice(format_names()), default="text", help="Format of the report.")
@click.option(
    "--fail-on", type=SEVERITIES, default="warning", help="Exit 1 when a refuted intent is as severe, or more."
)
@click.option("--evidence", is_flag=True, help="Show what is taken for granted, and commands that try the packet.")
@QUIET
def command(
    paths: tuple[str, ...],
    intents_file: str | None,
    suggest: bool,
    basis: Basis,
    output_format: str,
    fail_on: Severity | None,
    evidence: bool,
    quiet: bool,
) -> None:
    """Prove intents: who may reach whom, and who must not, for the pods of the manifests or for any pod.

    An intent that does not hold is refuted with a packet: from whom, to whom, on which port, and the rules that let it
    through or keep it out. PATH is a file or directory; without one, the current directory.

    Exit status: 0 all hold; 1 an intent is refuted, or names what is not there; 2 wrong usage, or an intent that cannot be
    read (the others are proved all the same); 3 something could not be read or decided.
    """
    if suggest:
        _write_suggested(paths, intents_file, basis, quiet=quiet)
    with catch_refusals():
        loaded = basis.load(paths, standard_input())
        stated = gather_intents(loaded, intents_file)
        proved = prove_intents(loaded, stated.intents, choose_assumptions(loaded, basis), notices_of_unread(loaded))
    options = Options(evidence=evidence, repository_root=repository_of(loaded.input.paths))
    write_out(escape(render(proved, output_format, options), output_format))
    for complaint in stated.complaints:
        write_err(str(complaint))
    failed = print_notices(proved.report.notices, proved.outcome.caveats, quiet=quiet)
    sys.exit(failed or (USAGE if stated.complaints else status(proved.report, fail_on)))


def _write_suggested(paths: tuple[str, ...], intents_file: str | None, basis: Basis, *, quiet: bool) -> NoReturn:
    """Writes the intents that hold today, and ends."""
    if intents_file is not None:
        raise click.UsageError("--suggest writes intents, and --intents reads them: name one of the two")
    with catch_refusals():
        loaded = basis.load(paths, standard_input())
        found = suggest_intents(loaded, choose_assumptions(loaded, basis), notices_of_unread(loaded))
    write_out(render_suggested(found.entries))
    sys.exit(print_notices(found.notices, (), quiet=quiet))
