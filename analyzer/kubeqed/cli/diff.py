"""`kubeqed diff`: what a change opens and closes."""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib import import_module

import click

from kubeqed.cli.options import PATH
from kubeqed.cli.reach import assume, reading, tell
from kubeqed.cli.reading import Read, read_collected, settings_for
from kubeqed.cli.status import CLEAN, FINDINGS, USAGE
from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.diff import Kind
from kubeqed.graph.reach.ports import difference as ports_without
from kubeqed.model.unit import Found, Unit
from kubeqed.report import Options, split_lines
from kubeqed.report.reach.diff.difference import Difference, difference
from kubeqed.sources import repository_root
from kubeqed.sources.revision import RevisionError, collect_revision, is_revision

FORMATS = ("text", "markdown", "json", "sarif")
FAILING = ("added", "removed", "changed", "any", "never")


@click.command("diff")
@click.argument("old", type=PATH, metavar="OLD")
@click.argument("new", type=PATH, metavar="NEW")
@click.option("--output-format", type=click.Choice(FORMATS), default="text", help="How to report.")
@click.option("--expand", is_flag=True, help="A line for each pair, in the words of netpol-analyzer.")
@click.option("--fail-on", type=click.Choice(FAILING), default="never", help="Exit 1 when there is such a change.")
@click.option(
    "--world", type=click.Choice(["open", "closed"]), default="open", help="closed: OLD and NEW are clusters."
)
@click.option("--config", type=PATH, metavar="FILE", help="The configuration; default: kubeqed.yaml, upwards from NEW.")
@click.option("--cni", metavar="NAME", help="Answer for this CNI instead of the specification.")
@click.option("--pods-by-address/--pods-not-by-address", default=None, help="Whether ipBlocks match pods' addresses.")
@click.option("--host-network-governed", is_flag=True, help="Policies govern pods of the host network too.")
def command(
    old: str,
    new: str,
    output_format: str,
    expand: bool,
    fail_on: str,
    world: str,
    config: str | None,
    cni: str | None,
    pods_by_address: bool | None,
    host_network_governed: bool,
) -> None:
    """Connections that NEW adds, removes or changes against OLD, and the policy lines that caused it.

    OLD and NEW are directories, files or git revisions (main, HEAD~1, v1.2:deploy). A revision beside a path is read
    below that path. No difference prints nothing (SARIF: no results) and exits 0;
    --fail-on added exits 1 when anything more is allowed.
    """
    before = _read(old, new, world, config)
    after = _read(new, old, world, config)
    assumptions = assume(after, cni, pods_by_address, host_network_governed)
    pairs = [(Answer(one, assumptions), Answer(other, assumptions)) for one, other in _paired(before, after)]
    found = _together([difference(one, other) for one, other in pairs])
    if output_format == "sarif":
        written = _sarif(found, {old: before, new: after})
    else:
        written = _render(found, "pairs" if expand and output_format == "text" else output_format)
    click.echo(written.encode(), nl=False)
    status = max(tell(before, []), tell(after, [other for _, other in pairs]))
    sys.exit(status or (FINDINGS if _fails(found, fail_on) else CLEAN))


def _read(text: str, other: str, world: str, config: str | None) -> Read:
    """What one side holds: a path when there is one of that name, else a revision."""
    if os.path.exists(text) or text == "-":
        return reading((text,), world, config)
    if not is_revision(text):
        raise click.UsageError(f"{text!r} is neither a path nor a git revision")
    path = other if os.path.exists(other) and ":" not in text else None
    try:
        collected = collect_revision(text, path)
    except RevisionError as error:
        click.echo(f"{text}: error: {error}", err=True)
        sys.exit(USAGE)
    settings = settings_for((other,) if os.path.exists(other) else (), config)
    return read_collected(collected, settings, closed=world == "closed")


def _paired(before: Read, after: Read) -> list[tuple[Unit, Unit]]:
    """Units of the same place in both versions, then those that define the same; one left alone meets an empty one."""
    was, now = ([unit for unit in side.input.units if unit.objects] for side in (before, after))
    if len(was) <= 1 and len(now) <= 1:
        return [(was[0] if was else _empty(), now[0] if now else _empty())]
    old, new = _placed(before, was), _placed(after, now)
    for place in [place for place in old if place not in new]:
        moved = [other for other in new if other not in old and new[other].definitions & old[place].definitions]
        if moved:
            old[max(moved, key=lambda other: len(new[other].definitions & old[place].definitions))] = old.pop(place)
    return [(old.get(place, _empty()), new.get(place, _empty())) for place in sorted({*old, *new})]


def _placed(side: Read, units: list[Unit]) -> dict[str, Unit]:
    """Units by their place below the PATH or in the revision."""
    root = side.input.roots[0].path if side.input.roots else ""
    places = (unit.root.partition(":")[2] or unit.root for unit in units)
    return {place.removeprefix(root).strip("/"): unit for place, unit in zip(places, units, strict=True)}


def _empty() -> Unit:
    return Unit("", Found.GUESSED, closed=False, files=(), objects=(), producers=())


def _together(found: list[Difference]) -> Difference:
    entries = tuple(entry for one in found for entry in one.entries)
    added = frozenset().union(*(one.added for one in found)) if found else frozenset()
    removed = frozenset().union(*(one.removed for one in found)) if found else frozenset()
    return Difference(entries, added, removed)


def _render(found: Difference, output_format: str) -> str:
    return str(import_module(f"kubeqed.report.reach.diff.{output_format}").render(found))


def _sarif(found: Difference, sides: dict[str, Read]) -> str:
    """SARIF speaks of files of the working tree, so that a revision's are named as they would lie there."""
    root = repository_root(os.curdir)

    def path_of(file: str) -> str:
        revision = next((text for text in sides if not os.path.exists(text) and file.startswith(f"{text}:")), None)
        if revision is None:
            return file
        _, tree, inside = revision.partition(":")
        return os.path.join(root or os.curdir if tree else "", inside, file.removeprefix(f"{revision}:"))

    contents = {path_of(file.path): file.content for side in sides.values() for file in side.files}

    @cache
    def lines(file: str) -> list[str]:
        return split_lines(contents.get(file, b"").decode("utf-8-sig", "replace"))

    from kubeqed.report.reach.diff.sarif import render

    return render(found, Options(lines=lines, repository_root=root), path_of)


def _fails(found: Difference, fail_on: str) -> bool:
    """A changed connection that opens more ports counts as added too, one that closes some as removed."""
    for entry in found.entries:
        change = entry.change
        if fail_on == "any" or (fail_on == "changed" and change.kind is Kind.CHANGED):
            return True
        if fail_on == "added" and ports_without(change.new, change.old):
            return True
        if fail_on == "removed" and ports_without(change.old, change.new):
            return True
    return False
