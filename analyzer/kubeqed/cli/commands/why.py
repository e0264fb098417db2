"""`kubeqed why`: the decision about one pair as a short tree."""

from __future__ import annotations

import sys

import click

from kubeqed.app.question import Basis, answer_units, choose_assumptions, parse_port_option
from kubeqed.app.why import PairRequest, render, why
from kubeqed.cli.options import QUIET
from kubeqed.cli.path import PATH
from kubeqed.cli.question import basis_options, catch_refusals, print_notices
from kubeqed.cli.streams import standard_input, write_out
from kubeqed.reach.algebra import ALL
from kubeqed.report import format_names
from kubeqed.report.escape import escape


@click.command("why")
@click.argument("source", metavar="SRC")
@click.argument("destination", metavar="DST")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@click.option("--port", metavar="PORT", help="Only this port: 80 (TCP), udp/53.")
@basis_options()
@click.option("--output-format", type=click.Choice(format_names("why")), default="text", help="Format of the answer.")
@QUIET
def command(
    source: str,
    destination: str,
    paths: tuple[str, ...],
    port: str | None,
    basis: Basis,
    output_format: str,
    quiet: bool,
) -> None:
    """Explain why SRC can reach DST, or why it cannot, and offer the edit that changes it.

    SRC and DST are workloads (ns/name, name[Kind]), addresses, external or ingress-controller; DST may be a Service,
    whose ports --port then means. An ingress-controller that is not in the input may run anywhere: the answer says what
    depends on where. PATH is a file or directory; without one, the current directory.

    Exit status: 0 allowed or denied; 2 wrong usage or configuration; 3 something could not be read or answered.
    """
    with catch_refusals() as notices:
        asked = ALL if port is None else parse_port_option(port, usual="TCP")
        loaded = basis.load(paths, standard_input())
        answers, said = answer_units(loaded, choose_assumptions(loaded, basis))
        notices.extend(said)
        decided = why(answers, PairRequest(source, destination, asked), notices)
        text = render(decided, output_format)
    write_out(escape(text, output_format))
    sys.exit(
        print_notices(notices, [caveat for one in decided.verdicts for caveat in one.verdict.caveats], quiet=quiet)
    )
