"""`kubeqed why`: the decision about one pair as a short tree."""

from __future__ import annotations

import sys

import click

from kubeqed.cli.reach import assume, reading, tell
from kubeqed.graph.reach.advice import Pair, edits
from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.explain import explain
from kubeqed.graph.reach.pairs import range_text
from kubeqed.graph.reach.ports import ALL, PortSet
from kubeqed.graph.reach.spoken import Side, nearest, ports_named, side
from kubeqed.graph.reach.through import Through, entered, through_service
from kubeqed.model.workload import Workload
from kubeqed.report.reach.why import render


@click.command("why")
@click.argument("source", metavar="SRC")
@click.argument("destination", metavar="DST")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--port", metavar="PORT", help="Ask about this port only: 80 (TCP), udp/53.")
@click.option("--world", type=click.Choice(["open", "closed"]), default="open", help="closed: each PATH is a cluster.")
@click.option("--config", metavar="FILE", help="The configuration; default: kubeqed.yaml, upwards from the first PATH.")
@click.option("--cni", metavar="NAME", help="Answer for this CNI instead of the specification.")
@click.option("--pods-by-address/--pods-not-by-address", default=None, help="Whether ipBlocks match pods' addresses.")
@click.option("--host-network-governed", is_flag=True, help="Policies govern pods of the host network too.")
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
) -> None:
    """Why SRC reaches DST, or why not, and the one edit that would change it.

    SRC and DST are workloads (ns/name, name[Kind]), addresses, external or ingress-controller; DST may be a Service.
    PATH is a file or directory; without one, the current directory.
    """
    asked = ALL if port is None else ports_named(port, usual="TCP")
    if asked is None:
        raise click.BadParameter(f"{port!r} is no port; write 80, tcp/80 or udp/8000-8999", param_hint="--port")
    given = reading(paths, world, config)
    assumptions = assume(given, cni, pods_by_address, host_network_governed)
    answers = [Answer(unit, assumptions) for unit in given.input.units if unit.objects]
    told = [text for answer in answers if (text := _explained(answer, source, destination, asked)) is not None]
    if not told:
        _refuse(answers, source, destination)
    click.echo("\n".join(told).encode(), nl=False)
    sys.exit(tell(given, []))


def _explained(answer: Answer, source: str, destination: str, asked: PortSet) -> str | None:
    """The tree for one unit; None when it does not hold both peers."""
    start = _one(answer, side(answer, source, "Ingress"), source)
    way = Through(side(answer, destination, "Egress"), asked, ())
    if way.side.empty:
        way = through_service(answer, destination, asked)
    end = _one(answer, way.side, destination)
    if start is None or end is None:
        return None
    pair = Pair(start[0], end[0], start[1], end[1], start[2], end[2])
    found = explain(answer.reach, pair.source, pair.destination)
    if source == destination or pair.source_text == pair.destination_text:
        return f"{pair.source_text} => itself: allowed; policies do not govern a pod's traffic to itself\n"
    if start[0] == _controller(answer):
        way = entered(answer, way)
    changing = way.ports if way.ports != ALL or not found.allowed else found.allowed
    return render(pair, found, way.ports, edits(answer.reach, pair, found, changing), way.notes)


def _controller(answer: Answer) -> int | None:
    return answer.controller if answer.entering else None


def _one(answer: Answer, found: Side, text: str) -> tuple[int, str, Workload | None] | None:
    """The node, the name and the object of a peer; several workloads of one name are a mistake."""
    if found.controller:
        return answer.controller, "{ingress-controller}", None
    if not found.bits:
        return None
    if len(found.workloads) > 1:
        names = ", ".join(str(shown) for shown in sorted(found.workloads)[:5])
        raise click.UsageError(f"{text!r} means several workloads: {names}")
    number = (found.bits & -found.bits).bit_length() - 1  # of several ranges the first counts
    for shown in found.workloads:
        return number, str(shown), answer.names.workloads[shown]
    return number, range_text(answer.reach.index.range_of(number)), None


def _refuse(answers: list[Answer], source: str, destination: str) -> None:
    if not any(not side(answer, source, "Ingress").empty for answer in answers):
        near = nearest(answers, source)
        raise click.BadParameter(f"no workload, address or controller is called {source!r}{near}", param_hint="SRC")
    if any(not side(answer, destination, "Egress").empty for answer in answers):
        apart = (
            f"no unit holds both {source!r} and {destination!r}: state the cluster's files under units: in kubeqed.yaml"
        )
        raise click.UsageError(apart)
    near = nearest(answers, destination)
    raise click.BadParameter(f"no workload, Service or address is called {destination!r}{near}", param_hint="DST")
