"""`kubeqed reach`: who can send what to whom."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import NamedTuple

import click

from kubeqed.cli.options import PATH
from kubeqed.cli.reading import Read, read_input
from kubeqed.cli.status import CLEAN, FAILED, USAGE
from kubeqed.config import ConfigurationError
from kubeqed.config.nearest import nearest as nearest_names
from kubeqed.diagnostic import Notice
from kubeqed.graph.reach.answer import Answer, Question
from kubeqed.graph.reach.assumptions import Assumptions, assumptions_for
from kubeqed.graph.reach.compiled import Remark
from kubeqed.graph.reach.ports import ALL
from kubeqed.graph.reach.spoken import nearest, ports_named, side
from kubeqed.model.cluster import NONE
from kubeqed.report.reach.words import remark_lines
from kubeqed.report.words import notice_line

_REST = " (what its kustomization does not name)"

FORMATS = ("text", "json", "mermaid", "dot")


class Asked(NamedTuple):
    """The options of a question, as typed."""

    source: str | None
    destination: str | None
    port: str | None
    namespace: str | None
    exposure: bool
    expand: bool


@click.command("reach")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@click.option("--from", "source", metavar="PEER", help="Only what this peer sends: ns/name, an address, external.")
@click.option("--to", "destination", metavar="PEER", help="Only what this peer receives.")
@click.option("--port", metavar="PORT", help="Only this port: 80, tcp/80, udp/8000-8999.")
@click.option("--namespace", "-n", metavar="NAME", help="Only connections from or to this namespace.")
@click.option("--exposure", is_flag=True, help="Also peers that are not in the input but that policies speak of.")
@click.option("--expand", is_flag=True, help="A line for each pair, in the words of netpol-analyzer.")
@click.option("--world", type=click.Choice(["open", "closed"]), default="open", help="closed: each PATH is a cluster.")
@click.option(
    "--config", type=PATH, metavar="FILE", help="The configuration; default: kubeqed.yaml, upwards from the first PATH."
)
@click.option("--cni", metavar="NAME", help="Answer for this CNI instead of the specification.")
@click.option("--pods-by-address/--pods-not-by-address", default=None, help="Whether ipBlocks match pods' addresses.")
@click.option("--host-network-governed", is_flag=True, help="Policies govern pods of the host network too.")
@click.option("--output-format", type=click.Choice(FORMATS), default="text", help="How to answer.")
def command(
    paths: tuple[str, ...],
    source: str | None,
    destination: str | None,
    port: str | None,
    namespace: str | None,
    exposure: bool,
    expand: bool,
    world: str,
    config: str | None,
    cni: str | None,
    pods_by_address: bool | None,
    host_network_governed: bool,
    output_format: str,
) -> None:
    """Who can send what to whom, by Services' pods, policies and entries from outside.

    PATH is a file, a directory, or - for standard input; without one, the current directory. Several units are
    answered one by one.
    """
    if port is not None and ports_named(port) is None:
        raise click.BadParameter(f"{port!r} is no port; write 80, tcp/80 or udp/8000-8999", param_hint="--port")
    given = reading(paths, world, config)
    assumptions = assume(given, cni, pods_by_address, host_network_governed)
    asked = Asked(source, destination, port, namespace, exposure, expand)
    answers = [Answer(unit, assumptions) for unit in given.input.units if unit.objects]
    questions = [question_of(answer, asked) for answer in answers]
    _refuse_nobody(asked, answers)
    click.echo(_render(answers, questions, asked, output_format, given.notices).encode(), nl=False)
    sys.exit(tell(given, answers))


def reading(paths: tuple[str, ...], world: str, config: str | None) -> Read:
    """The input; a wrong configuration ends the command."""
    try:
        return read_input(paths or (".",), closed=world == "closed", config=config, stdin=sys.stdin.buffer)
    except ConfigurationError as error:
        click.echo(str(error), err=True)
    except OSError as error:
        click.echo(f"{error.filename or config}: error: {error.strerror}", err=True)
    sys.exit(USAGE)


def assume(given: Read, cni: str | None, pods_by_address: bool | None, hosts_governed: bool) -> Assumptions:
    """What the CNI does: the one named on the command line, else in the configuration, else the specification."""
    from kubeqed.model.cni import names, resolved  # reads the CNI data

    if cni is not None and cni != NONE and resolved(cni) is None:
        near = nearest_names(cni, names())
        meant = f"; did you mean {near[0]}?" if near else ""
        raise click.BadParameter(f"no CNI is called {cni!r}{meant}", param_hint="--cni")
    cluster = given.settings.cluster
    version = cluster.cni_version.value if cluster.cni_version and not cni else None
    found = assumptions_for(cni or (cluster.cni.value if cluster.cni else None), version)
    if pods_by_address is not None:
        found = found._replace(pods_by_address=pods_by_address)
    return found._replace(hosts_governed=True) if hosts_governed else found


def question_of(answer: Answer, asked: Asked) -> Question:
    """The question that the options ask of one unit."""
    ports = ports_named(asked.port) if asked.port is not None else ALL
    question = Question(ports=ports or ALL, namespace=asked.namespace)
    if asked.source is not None:
        found = side(answer, asked.source, "Ingress")
        question = question._replace(sources=found.workloads, source_bits=found.bits, controller=found.controller)
    if asked.destination is not None:
        found = side(answer, asked.destination, "Egress")
        question = question._replace(destinations=found.workloads, destination_bits=found.bits)
    return question


def tell(given: Read, answers: list[Answer]) -> int:
    """Says on standard error what the answers leave out; the exit status."""
    status = say(given.notices, [remark for answer in answers for remark in answer.remarks()])
    if answers and not any(answer.unit.workloads for answer in answers):
        click.echo("note: no workload was found, so there is nobody to connect", err=True)
    elif bare := sum(not answer.unit.workloads for answer in answers):
        click.echo(f"note: {bare} of {len(answers)} units hold no workload, so that nobody is in them", err=True)
    return status


def say(notices: Sequence[Notice], remarks: Iterable[Remark]) -> int:
    """Says on standard error what was not read and what is open; the exit status."""
    for line in (*map(notice_line, notices), *remark_lines(remarks)):
        click.echo(line, err=True)
    return FAILED if notices else CLEAN


def _refuse_nobody(asked: Asked, answers: list[Answer]) -> None:
    """A name that means nobody is a mistake, not an empty answer."""
    if asked.namespace is not None and not any(answer.reach.index.of_namespace(asked.namespace) for answer in answers):
        raise click.BadParameter(f"no workload is in namespace {asked.namespace!r}", param_hint="--namespace")
    for option, text, direction in (("--from", asked.source, "Ingress"), ("--to", asked.destination, "Egress")):
        if text is not None and all(side(answer, text, direction).empty for answer in answers):  # type: ignore[arg-type]  # literals
            near = nearest(answers, text)
            raise click.BadParameter(f"no workload, address or controller is called {text!r}{near}", param_hint=option)


def _render(
    answers: list[Answer], questions: list[Question], asked: Asked, output_format: str, notices: Iterable[Notice]
) -> str:
    module = import_module(f"kubeqed.report.reach.{'pairs' if _in_pairs(asked, output_format) else output_format}")
    asking = list(zip(answers, questions, strict=True))
    exposures = import_module("kubeqed.report.reach.exposure") if asked.exposure else None
    if output_format == "text":
        texts = [
            module.render(answer, question) + (f"\n{exposures.render(answer, question)}" if exposures else "")
            for answer, question in asking
        ]
        return "".join(_headed(answers, texts))
    connections = [(answer.unit, answer.connections(question)) for answer, question in asking]
    if output_format != "json":
        return str(module.render([one for _, several in connections for one in several]))
    exposed = [one for answer, question in asking for one in exposures.values(answer, question)] if exposures else None
    remarks = [remark for answer in answers for remark in answer.remarks()]
    return str(module.render(connections, notices, remarks, exposed))


def _in_pairs(asked: Asked, output_format: str) -> bool:
    return asked.expand and output_format == "text"


def _headed(answers: list[Answer], texts: list[str]) -> list[str]:
    """The texts that say something, each under its unit's name when there are several units."""
    if len(texts) == 1:
        return texts
    twice = Counter(answer.unit.root for answer in answers)
    return [
        f"# {answer.unit.root}{_REST if twice[answer.unit.root] > 1 and not answer.unit.stated else ''}\n{text}\n"
        for answer, text in zip(answers, texts, strict=True)
        if text
    ]
