"""`kubeqed plan`: the addresses that the nodes of a cluster need."""

from __future__ import annotations

import sys

import click

from kubeqed.app.listings.plan import is_short, plan_addresses
from kubeqed.app.settings import CommandLineSettings
from kubeqed.cli.options import CONFIG
from kubeqed.cli.path import PATH
from kubeqed.cli.question import catch_refusals
from kubeqed.cli.status import CLEAN, FINDINGS
from kubeqed.cli.streams import write_out
from kubeqed.report import Options, format_names, render_answer
from kubeqed.report.escape import escape


@click.command("plan")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@CONFIG
@click.option("--output-format", type=click.Choice(format_names("plan")), default="text", help="Format of the answer.")
def command(paths: tuple[str, ...], config: str | None, output_format: str) -> None:
    """Count the addresses that node pools need, from what kubeqed.yaml states.

    For each pool the nodes, the pods of a node, and the addresses of its subnet; for each range and limit what is needed
    of it and what it has. PATH says where kubeqed.yaml is looked for, upwards; no manifest is read.

    Exit status: 0; 1 when something is short; 2 wrong usage or configuration, or nothing is stated.
    """
    with catch_refusals():
        plan = plan_addresses(paths or (".",), CommandLineSettings(config))
    write_out(escape(render_answer("plan", output_format, plan, Options()), output_format))
    sys.exit(FINDINGS if is_short(plan) else CLEAN)
