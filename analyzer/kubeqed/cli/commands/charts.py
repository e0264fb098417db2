"""`kubeqed charts`: what holds of charts at any values."""

from __future__ import annotations

import sys

import click

from kubeqed.app.chart_search import ChartSearch
from kubeqed.app.load import load
from kubeqed.app.prove.charts import prove_charts
from kubeqed.app.settings import CommandLineSettings
from kubeqed.cli.options import CONFIG, EXCLUDE, QUIET
from kubeqed.cli.path import PATH
from kubeqed.cli.question import catch_refusals, print_notices
from kubeqed.cli.status import CLEAN, FINDINGS
from kubeqed.cli.streams import standard_input, write_err, write_out
from kubeqed.prove.charts.outcome import ChartVerdict
from kubeqed.report import Options, format_names, render_answer
from kubeqed.report.escape import escape
from kubeqed.rule.catalogue import find_rules


@click.command("charts")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@CONFIG
@EXCLUDE
@click.option(
    "--output-format", type=click.Choice(format_names("charts")), default="text", help="Format of the answer."
)
@QUIET
def command(
    paths: tuple[str, ...], config: str | None, exclude: tuple[str, ...], output_format: str, quiet: bool
) -> None:
    """Prove for charts that what their objects name exists, at any values.

    For each Ingress, StatefulSet, Service and NetworkPolicy of a chart: that the Services, pods and ports which it names
    are there whenever it is. A property is proved for all values, refuted with values at which the rendered chart breaks
    it, or depends on what is named. PATH is a file or directory; without one, the current directory.

    Exit status: 0; 1 when a property is refuted; 2 wrong usage or configuration; 3 something could not be read.
    """
    search = ChartSearch()
    with catch_refusals():
        loaded = load(
            paths or (".",),
            CommandLineSettings(config, exclude=exclude),
            closed=False,
            known=find_rules(),
            stdin=standard_input(),
            for_good=True,
            search=search,
        )
        proved = prove_charts(loaded, search)
    write_out(escape(render_answer("charts", output_format, proved.outcome, Options()), output_format))
    status = print_notices(proved.notices, (), quiet=quiet)
    if not proved.outcome.charts and not quiet:
        write_err("note: no chart was found that is judged at its default values")
    verdicts = [one.verdict for chart in proved.outcome.charts for one in chart.verdicts]
    sys.exit(status or (FINDINGS if ChartVerdict.REFUTED in verdicts else CLEAN))
