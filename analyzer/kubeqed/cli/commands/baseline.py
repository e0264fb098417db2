"""`kubeqed baseline`: what is found now is accepted, so that only new findings are reported."""

from __future__ import annotations

import sys

import click

from kubeqed.app.check.run import Analysis, CheckRequest, analyze
from kubeqed.app.check.shown import Show
from kubeqed.app.settings import CommandLineSettings, load_settings
from kubeqed.cli.options import (
    CONFIG,
    EXCLUDE,
    IGNORE,
    KUBERNETES_VERSION,
    SELECT,
    SHOWN,
    WORLD,
    quiet_option,
)
from kubeqed.cli.path import PATH
from kubeqed.cli.progress import show_progress
from kubeqed.cli.status import status
from kubeqed.cli.streams import OutputError, is_stream, standard_input, write_err, write_file
from kubeqed.config import load_baseline
from kubeqed.model.cluster import KubernetesVersion
from kubeqed.report import Options, failure_text, summary_text
from kubeqed.rule.catalogue import find_rules
from kubeqed.rule.suppress.baseline import DEFAULT_FILE, BaselineFinding, write_baseline
from kubeqed.sources import read, read_found

REASON = "there when the baseline was written"


@click.command("baseline")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@click.option(
    "--output",
    type=PATH,
    metavar="FILE",
    help=f"The file to write; default: baseline: of the configuration, or {DEFAULT_FILE}.",
)
@click.option("--reason", default=REASON, help="Why the findings may stay; entries that are there keep theirs.")
@WORLD
@CONFIG
@EXCLUDE
@KUBERNETES_VERSION
@SELECT
@IGNORE
@click.option(
    "--show", type=SHOWN, default="", help="Record these too, besides errors and warnings: possible, posture, all."
)
@quiet_option("Print nothing but what could not be read or decided.")
def command(
    paths: tuple[str, ...],
    output: str | None,
    reason: str,
    world: str,
    config: str | None,
    exclude: tuple[str, ...],
    kubernetes_version: KubernetesVersion | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    show: Show,
    quiet: bool,
) -> None:
    """Record the findings of today, so that only new ones are reported.

    Writes a file for `kubeqed check --baseline FILE`, or for `baseline: FILE` in kubeqed.yaml.

    Exit status: 0 written; 2 wrong usage or configuration; 3 written, but something could not be read or decided.
    """
    if not reason.strip():
        raise click.BadParameter("the reason is empty", param_hint="--reason")
    show = show._replace(suppressed=False)
    request = CheckRequest(
        paths or (".",),
        world == "closed",
        show,
        CommandLineSettings(config, kubernetes_version, exclude, select, ignore),
        anew=True,
    )
    file, before = _read_before(request, output)
    with show_progress(sys.stderr) as tell:
        analysis = analyze(request, standard_input(), tell)
    _write_baseline(analysis, file, reason, before)
    _tell_result(analysis, file, quiet=quiet)
    sys.exit(status(analysis.report, None))


def _read_before(request: CheckRequest, output: str | None) -> tuple[str, dict[BaselineFinding, str]]:
    """The file to write, and the reasons of the entries that are there already.

    What the user does not name is never a file outside of the repository: a stranger may have written the configuration.
    """
    settings = load_settings(request.paths, request.statement, find_rules())
    stated = settings.baseline
    file = output or (stated.value if stated else DEFAULT_FILE)
    if is_stream(file):
        return file, {}
    try:
        source = read(file) if output else read_found(file, settings.directory if stated else None)
    except FileNotFoundError:
        return file, {}
    except OSError as error:
        raise OutputError(file, error) from error
    return file, {entry.known: entry.reason for entry in load_baseline(source, None).entries}


def _write_baseline(analysis: Analysis, file: str, reason: str, reasons: dict[BaselineFinding, str]) -> None:
    found = analysis.report.findings
    text = write_baseline(found, file, analysis.input.paths, reason, reasons)
    write_file(file, text)


def _tell_result(analysis: Analysis, file: str, *, quiet: bool) -> None:
    report, options = analysis.report._replace(findings=()), Options(lines=lambda _: ())
    write_err((failure_text if quiet else summary_text)(report, options), nl=False)
    if not quiet:
        write_err(f"kubeqed: {file} written; `kubeqed check --baseline {file}` reports only what is new")
