"""`kubeqed why`: the decision about one pair as a short tree."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from kubeqed.cli.options import PATH
from kubeqed.cli.reach import assume, reading, say
from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.decision import AmbiguousError, Decision, decision
from kubeqed.graph.reach.ports import ALL, PortSet
from kubeqed.graph.reach.spoken import nearest, ports_named, side
from kubeqed.graph.reach.through import NoWayError
from kubeqed.model.unit import Unit

FORMATS = ("text", "json")


@click.command("why")
@click.argument("source", metavar="SRC")
@click.argument("destination", metavar="DST")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@click.option("--port", metavar="PORT", help="Ask about this port only: 80 (TCP), udp/53.")
@click.option("--world", type=click.Choice(["open", "closed"]), default="open", help="closed: each PATH is a cluster.")
@click.option(
    "--config", type=PATH, metavar="FILE", help="The configuration; default: kubeqed.yaml, upwards from the first PATH."
)
@click.option("--cni", metavar="NAME", help="Answer for this CNI instead of the specification.")
@click.option("--pods-by-address/--pods-not-by-address", default=None, help="Whether ipBlocks match pods' addresses.")
@click.option("--host-network-governed", is_flag=True, help="Policies govern pods of the host network too.")
@click.option("--output-format", type=click.Choice(FORMATS), default="text", help="How to answer.")
def command(
    source: str,
    destination: str,
    paths: tuple[str, ...],
    port: str | None,
    world: str,
    config: str | None,
    cni: str | None,
    pods_by_address: bool | None,
    host_network_governed: bool,
    output_format: str,
) -> None:
    """Why SRC reaches DST, or why not, and the edit that would change it.

    SRC and DST are workloads (ns/name, name[Kind]), addresses, external or ingress-controller; DST may be a Service,
    whose ports --port then means. PATH is a file or directory; without one, the current directory.
    """
    asked = ALL if port is None else ports_named(port, usual="TCP")
    if asked is None:
        raise click.BadParameter(f"{port!r} is no port; write 80, tcp/80 or udp/8000-8999", param_hint="--port")
    given = reading(paths, world, config)
    assumptions = assume(given, cni, pods_by_address, host_network_governed)
    answers = [Answer(unit, assumptions) for unit in given.input.units if unit.objects]
    decided = _decided(answers, source, destination, asked)
    if not decided:
        _refuse(answers, source, destination)
    if output_format == "json":
        written = import_module("kubeqed.report.reach.why.json").render(decided, given.notices)
    else:
        render = import_module("kubeqed.report.reach.why.text").render
        written = "\n".join(render(one) for _, one in decided)
    click.echo(written.encode(), nl=False)
    sys.exit(say(given.notices, [remark for _, one in decided for remark in one.remarks]))


def _decided(answers: list[Answer], source: str, destination: str, asked: PortSet) -> list[tuple[Unit, Decision]]:
    """The decisions of the units that hold both peers; why there is none, where a unit holds them in vain."""
    found: list[tuple[Unit, Decision]] = []
    vain: list[str] = []
    for answer in answers:
        try:
            one = decision(answer, source, destination, asked)
        except NoWayError as error:
            vain.append(str(error))
            continue
        except AmbiguousError as error:
            raise click.UsageError(str(error)) from error
        if one is not None:
            found.append((answer.unit, one))
    if vain and not found:
        raise click.UsageError(vain[0])
    return found


def _refuse(answers: list[Answer], source: str, destination: str) -> None:
    """Nobody has both peers: one of them is not there, or they stand in different units."""
    if not any(not side(answer, source, "Ingress").empty for answer in answers):
        near = nearest(answers, source)
        raise click.BadParameter(f"no workload, address or controller is called {source!r}{near}", param_hint="SRC")
    if any(not side(answer, destination, "Egress").empty for answer in answers):
        apart = (
            f"no unit holds both {source!r} and {destination!r}: state the cluster's files under units: in kubeqed.yaml"
        )
        raise click.UsageError(apart)
    near = nearest(answers, destination, services=True)
    raise click.BadParameter(f"no workload, Service or address is called {destination!r}{near}", param_hint="DST")
