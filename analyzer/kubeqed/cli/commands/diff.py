"""`kubeqed diff`: what a change opens and closes."""

from __future__ import annotations

import sys

import click

from kubeqed.app.diff import FAILING, NEW_ACCESS, DiffVersion, VersionComparison, compare, render
from kubeqed.app.prove.equivalent import compare_versions, notices_given_up
from kubeqed.app.question import Basis, choose_assumptions, notices_of_unread
from kubeqed.cli.options import QUIET, config_option, world_option
from kubeqed.cli.path import PATH
from kubeqed.cli.question import basis_options, catch_refusals, print_notices
from kubeqed.cli.status import CLEAN, FAILED, FINDINGS
from kubeqed.cli.streams import write_err, write_out
from kubeqed.cli.versions import load_versions
from kubeqed.report import format_names
from kubeqed.report.diff.caveats import note_lines
from kubeqed.report.escape import escape
from kubeqed.report.reach.words import caveat_text


@click.command("diff")
@click.argument("old", type=PATH, metavar="OLD")
@click.argument("new", type=PATH, metavar="[NEW]", required=False)
@click.option("--output-format", type=click.Choice(format_names("diff")), default="text", help="Format of the report.")
@click.option("--expand", is_flag=True, help="Print a line for each pair, as netpol-analyzer does.")
@click.option("--fail-on", type=click.Choice(FAILING), default="never", help="Exit 1 when there is such a change.")
@basis_options(
    world_option("OLD is a cluster, and so is NEW"),
    config_option("each path; a revision has that of the working tree"),
)
@QUIET
def command(
    old: str,
    new: str | None,
    output_format: str,
    expand: bool,
    fail_on: str,
    basis: Basis,
    quiet: bool,
) -> None:
    """Show the connections that NEW adds, removes or changes against OLD, and the policy lines that cause it.

    OLD and NEW are directories, files or git revisions (main, HEAD~1, v1.2:deploy); without NEW, a revision is compared
    with the working tree. A revision beside a path is read below that path. What is a path and a revision is refused:
    git:main is the revision, ./main the path. Pods that the manifests do not show are compared too. No difference prints
    nothing (SARIF: no results).

    Exit status: 0; 1 with --fail-on, when there is such a change (added: anything more is allowed; new-access: the same,
    proved for every pod that anybody may deploy); 2 for wrong usage; 3 when something could not be read, or when, with --fail-on, a policy differs that kubeqed does not model, or policies
    may treat pods that no manifest shows in too many ways to compare them all.
    """
    with catch_refusals():
        before, after = load_versions(old, new, basis)
        assumptions = choose_assumptions(after.loaded, basis)
        compared = compare(before, after, assumptions)
        proved = compare_versions(before, after, assumptions) if fail_on == NEW_ACCESS else None
        written = render(compared.difference, (before, after), output_format, expand=expand)
    write_out(escape(written, output_format))
    status = _tell_limits(before, after, compared, fail_on, quiet=quiet)
    if proved is not None and status == CLEAN:
        status = print_notices(notices_given_up(proved), ()) or (FINDINGS if proved.gained else CLEAN)
    sys.exit(status)


def _tell_limits(
    before: DiffVersion, after: DiffVersion, compared: VersionComparison, fail_on: str, *, quiet: bool
) -> int:
    """Says on standard error what was not compared, or that all is as before; the exit status."""
    said = note_lines(compared.difference)
    caveats = [one for answer in compared.answers for one in answer.caveats if caveat_text(one) not in said]
    status = max(
        print_notices(notices_of_unread(before.loaded), [], quiet=quiet),
        print_notices(notices_of_unread(after.loaded), caveats, quiet=quiet),
    )
    if not compared.is_decided(fail_on):
        write_err("error: --fail-on cannot be decided: the report says what is not compared")
        return FAILED
    if status:
        return status
    if compared.difference.is_as_before and not quiet:
        write_err("note: who can reach whom is as before, for pods that the manifests show and for all others")
        for line in compared.difference.joins:
            write_err(f"note: {line}")
    if compared.concerns_absent_alone and not quiet:
        write_err("note: all that changes concerns pods that no manifest shows")
    return FINDINGS if compared.fails(fail_on) else CLEAN
