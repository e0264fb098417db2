"""`kubeqed reach`: who can send what to whom."""

from __future__ import annotations

import sys

import click

from kubeqed.app.question import Basis, answer_units, choose_assumptions, parse_port_option
from kubeqed.app.reach import ReachRequest, reach
from kubeqed.cli.options import QUIET
from kubeqed.cli.path import PATH
from kubeqed.cli.question import basis_options, catch_refusals, print_caveats
from kubeqed.cli.streams import standard_input, write_out
from kubeqed.reach.algebra import ALL
from kubeqed.report import format_names
from kubeqed.report.escape import escape


@click.command("reach")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@click.option(
    "--from", "source", metavar="PEER", help="Only connections from this peer: ns/name, an address, external."
)
@click.option("--to", "destination", metavar="PEER", help="Only connections to this peer.")
@click.option("--port", metavar="PORT", help="Only this port: 80, tcp/80, udp/8000-8999.")
@click.option("--namespace", "-n", metavar="NAME", help="Only connections from or to this namespace.")
@click.option("--exposure", is_flag=True, help="List too what pods outside the input could reach, or be reached by.")
@click.option("--expand", is_flag=True, help="Print a line for each pair, as netpol-analyzer does.")
@basis_options()
@click.option("--output-format", type=click.Choice(format_names("reach")), default="text", help="Format of the answer.")
@QUIET
def command(
    paths: tuple[str, ...],
    source: str | None,
    destination: str | None,
    port: str | None,
    namespace: str | None,
    exposure: bool,
    expand: bool,
    basis: Basis,
    output_format: str,
    quiet: bool,
) -> None:
    """List who can reach whom, on which ports: pods, the pods of Services, and what enters from outside.

    PATH is a file, a directory, or - for standard input; without one, the current directory. Several units are
    answered one by one. A unit of the configuration or of a kustomization is read whole, and connections with an end in the
    PATHs are listed; if the PATHs hold no workload, all are.

    Exit status: 0; 2 wrong usage or configuration; 3 something could not be read or answered.
    """
    with catch_refusals() as notices:
        ports = ALL if port is None else parse_port_option(port)
        loaded = basis.load(paths, standard_input())
        found = answer_units(loaded, choose_assumptions(loaded, basis))
        notices.extend(found.notices)
        asked = ReachRequest(source, destination, ports, namespace, exposure, expand)
        text = reach(found.answers, asked, output_format, notices, loaded.input.beyond)
    write_out(escape(text, output_format))
    sys.exit(print_caveats(found, empty=not text.strip(), quiet=quiet))
