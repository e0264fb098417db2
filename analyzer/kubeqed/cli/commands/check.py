"""`kubeqed check`: the main job."""

from __future__ import annotations

import sys

import click

from kubeqed.app.check.run import CheckRequest, analyze, report_refusal
from kubeqed.app.check.shown import ListFilter, Show
from kubeqed.app.settings import CommandLineSettings
from kubeqed.cli.options import (
    CONFIG,
    EXCLUDE,
    IGNORE,
    KUBERNETES_VERSION,
    ONLY,
    OUTPUT_FORMAT,
    SELECT,
    SEVERITIES,
    SHOW,
    WORLD,
    Output,
    only,
    quiet_option,
    split_list,
    within_option,
)
from kubeqed.cli.output import COLORS, Printing, print_refusal, print_report
from kubeqed.cli.path import PATH
from kubeqed.cli.progress import show_progress
from kubeqed.cli.status import status
from kubeqed.cli.streams import standard_input
from kubeqed.config import ConfigurationError
from kubeqed.diagnostic import Severity
from kubeqed.model.cluster import KubernetesVersion
from kubeqed.report import format_names


@click.command("check")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@within_option("report only on the other PATHs; repeatable")
@WORLD
@CONFIG
@click.option(
    "--baseline",
    type=PATH,
    metavar="FILE",
    help="A file of known findings, as `kubeqed baseline` writes it; they are not reported.",
)
@click.option("--policy-base", metavar="REVISION", help="A git revision; name every suppression that it does not have.")
@EXCLUDE
@KUBERNETES_VERSION
@click.option(
    "--output-format",
    type=OUTPUT_FORMAT,
    callback=split_list,
    multiple=True,
    help=f"Format of the report ({', '.join(format_names())}), and the file it goes to; repeatable.",
)
@SELECT
@IGNORE
@SHOW
@click.option(
    "--only",
    type=ONLY,
    callback=only,
    multiple=True,
    help="List only these in text, concise, markdown and github; other formats and the exit status stay the same.",
)
@click.option(
    "--fail-on",
    type=SEVERITIES,
    default="warning",
    help="Exit 1 when there is a finding of this severity or above; note also shows the notes.",
)
@click.option("--evidence", is_flag=True, help="Show the facts or the witness under each finding.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@quiet_option("No summary: only findings, and what could not be read or decided.")
@click.option("--color", type=click.Choice(COLORS), default="auto", help="Use colors; auto: only on a terminal.")
@click.option(
    "--category", metavar="NAME", help="A name that tells this run from other runs on the same commit, in SARIF."
)
def command(
    paths: tuple[str, ...],
    within: tuple[str, ...],
    world: str,
    config: str | None,
    baseline: str | None,
    policy_base: str | None,
    exclude: tuple[str, ...],
    kubernetes_version: KubernetesVersion | None,
    output_format: tuple[Output, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    show: Show,
    only: ListFilter,
    fail_on: Severity | None,
    evidence: bool,
    statistics: bool,
    quiet: bool,
    color: str,
    category: str | None,
) -> None:
    """Check manifests and point at what is wrong.

    PATH is a file, a directory, or - for standard input; without one, the current directory. All PATHs are one input. A
    unit of the configuration or of a kustomization is read whole, wherever it stands in the repository, and what has a
    place in the PATHs is reported.

    Exit status: 0 clean; 1 findings; 2 wrong usage or configuration; 3 something could not be read or decided.
    """
    statement = CommandLineSettings(config, kubernetes_version, exclude, select, ignore)
    about = paths if within else ()
    show = show.with_notes() if fail_on is Severity.NOTE else show
    request = CheckRequest(
        within or paths or (".",), world == "closed", show, statement, about, baseline, policy_base=policy_base
    )
    try:
        with show_progress(sys.stderr) as tell:
            analysis = analyze(request, standard_input(), tell, for_good=True)
    except ConfigurationError as error:
        print_refusal(report_refusal(error), output_format)
        raise
    printing = Printing(only, evidence, category, color, quiet, statistics)
    sys.exit(status(print_report(analysis, output_format or (Output("text"),), printing), fail_on))
