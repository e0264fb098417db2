"""What holds: each setting with the place that states it, in the form of a kubeqed.yaml; what is not stated, as a comment."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator, Sequence
from json import dumps
from typing import Any

from kubeqed.config import Settings
from kubeqed.model.cluster import NONE, Cluster, Stated
from kubeqed.model.stated_network import Outbound, StatedNetwork
from kubeqed.parse import Place
from kubeqed.report.words import escape_text
from kubeqed.sources import real_path

_UNKNOWN = "unknown"


def render_settings(settings: Settings) -> str:
    """The settings as a kubeqed.yaml that states the same, with `# FILE:LINE` behind what is stated."""
    head = "no kubeqed.yaml was found: nothing is stated" if settings.path is None else escape_text(settings.path)
    below = (*_render_section("cluster", _render_cluster(settings)), *_render_section("rules", _render_rules(settings)))
    lines = [
        f"# {head}",
        *_render_units(settings),
        *_render_charts(settings),
        *below,
        *_render_intents(settings),
        *_render_ignores(settings),
        *_render_others(settings),
    ]
    return "".join(f"{line}\n" for line in lines)


def _render_section(key: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines below a key, which is a comment when all of them are."""
    below = list(lines)
    yield f"{key}:" if any(not line.lstrip().startswith("#") for line in below) else f"# {key}:"
    yield from below


def _render_units(settings: Settings) -> Iterator[str]:
    """The units that are stated."""
    if not settings.units:
        yield "# units: none stated; `kubeqed units` lists those that are found"
        return
    yield "units:"
    for unit, places in zip(settings.units, settings.unit_places, strict=True):
        paths = [os.path.relpath(path, real_path(settings.directory)) for path in unit.paths]
        world = "closed" if unit.closed else "open"
        yield f"  - {{paths: {_render_value(paths)}, world: {world}}}{_render_place(places[0])}"


def _render_charts(settings: Settings) -> Iterator[str]:
    """The values that are stated for charts."""
    if settings.charts:
        yield "charts:"
    root = real_path(settings.directory)
    for chart in settings.charts:
        parts = [f"path: {_render_value(os.path.relpath(chart.directory, root))}"]
        if chart.files:
            parts.append(f"values: {_render_value([os.path.relpath(one.value, root) for one in chart.files])}")
        if chart.pairs:
            pairs = (f"{_render_value(key)}: {_render_chart_value(one.value)}" for key, one in chart.pairs)
            parts.append(f"set: {{{', '.join(pairs)}}}")
        named = (("release", chart.release), ("namespace", chart.namespace))
        parts += [f"{key}: {_render_value(text)}" for key, text in named if text]
        yield f"  - {{{', '.join(parts)}}}{_render_place(chart.place)}"


def _render_chart_value(value: object) -> str:
    """A value that a chart gets: it may put it into a Secret, so that only a switch is shown."""
    return dumps(value) if isinstance(value, bool) else dumps("***")


def _render_cluster(settings: Settings) -> Iterator[str]:
    """What is stated of the cluster, and what is not."""
    cluster = settings.cluster
    yield _render_line("kubernetes", cluster.kubernetes, f'"{cluster.version}", the newest known version, is taken')
    yield _render_cni(cluster)
    yield _render_line("provider", cluster.provider, _UNKNOWN)
    yield _render_line("load_balancer", cluster.load_balancer, _UNKNOWN)
    yield _render_list("ingress_controllers", cluster.ingress_controllers, _UNKNOWN, empty=NONE)
    yield _render_line(
        "node_port_range", cluster.node_port_range, f"{cluster.node_ports}, the server's default, is taken"
    )
    yield _render_line("service_cidr", cluster.service_cidr, _UNKNOWN)
    yield _render_line("pod_cidr", cluster.pod_cidr, _UNKNOWN)
    yield from _render_network(cluster.network)


def _render_network(network: StatedNetwork) -> Iterator[str]:
    """What is stated of addresses; nothing is said of what is not, for few state it."""
    for key, stated in (
        ("network_mode", network.mode),
        ("network_policy", network.policy_engine),
        ("virtual_nodes", network.virtual_nodes),
        ("shared_subnet", network.shared_subnet),
        ("nodes", network.nodes),
        ("node_cidr", network.node_cidr),
        ("dns_service_ip", network.dns_service_ip),
        ("node_cidr_mask_size", network.node_cidr_mask_size),
    ):
        if stated is not None:
            yield f"  {key}: {dumps(stated.value)}{_render_place(stated.place)}"
    if network.peered_cidrs:
        yield _render_list("peered_cidrs", network.peered_cidrs, _UNKNOWN)
    if network.node_pools:
        yield "  node_pools:"
    for pool in network.node_pools:
        keys = ({"system": "os", "processors": "vcpus"}.get(key, key) for key in pool._fields)
        yield f"    - {_render_mapping(zip(keys, pool, strict=True))}{_render_place(pool.name.place)}"
    if network.outbound != Outbound():
        keys = ("type" if key == "kind" else key for key in network.outbound._fields)
        yield f"  outbound: {_render_mapping(zip(keys, network.outbound, strict=True))}"


def _render_mapping(entries: Iterable[tuple[str, Stated[Any] | None]]) -> str:
    said = (f"{key}: {dumps(stated.value)}" for key, stated in entries if stated is not None)
    return f"{{{', '.join(said)}}}"


def _render_cni(cluster: Cluster) -> str:
    if cluster.cni is None or cluster.cni_version is None:
        return _render_line("cni", cluster.cni, _UNKNOWN)
    stated = f"{{name: {_render_value(cluster.cni.value)}, version: {_render_value(cluster.cni_version.value)}}}"
    return f"  cni: {stated}{_render_place(cluster.cni.place)}"


def _render_rules(settings: Settings) -> Iterator[str]:
    """The rules that run, and their severities."""
    rules = settings.rules
    yield _render_list("select", rules.select, "all rules run")
    yield _render_list("ignore", rules.ignore or None, "none is left out")
    if rules.severity:
        yield "  severity:"
    for entry in rules.severity:
        severity = entry.severity.value.value if entry.severity.value else "off"
        yield f"    {entry.rule.value}: {severity}{_render_place(entry.rule.place)}"


def _render_intents(settings: Settings) -> Iterator[str]:
    """The names of the intents, as comments: what they claim stands in the file."""
    intents = settings.cluster.intents
    yield f"# intents: {f'{len(intents)} stated' if intents else 'none stated'}"
    yield from (f"  # {escape_text(one.name)}{_render_place(one.place)}" for one in intents)


def _render_ignores(settings: Settings) -> Iterator[str]:
    """The entries of `ignore:`."""
    if settings.ignores:
        yield "ignore:"
    for entry in settings.ignores:
        parts = (("rules", entry.rules), ("paths", entry.paths), ("objects", entry.objects))
        said = [f"{key}: {_render_value([one.value for one in stated])}" for key, stated in parts if stated]
        said.append(f"reason: {_render_value(entry.reason.value)}")
        yield f"  - {{{', '.join(said)}}}{_render_place(entry.place)}"


def _render_others(settings: Settings) -> Iterator[str]:
    yield _render_list("exclude", settings.exclude or None, "nothing", indent="")
    if settings.fleet:
        yield _render_list("fleet", settings.fleet, NONE, indent="")
    yield _render_line("baseline", settings.baseline, NONE, indent="")


def _render_line(key: str, stated: Stated[Any] | None, default: str, indent: str = "  ") -> str:
    if stated is None:
        return f"{indent}# {key}: {default}"
    return f"{indent}{key}: {_render_value(stated.value)}{_render_place(stated.place)}"


def _render_list(
    key: str, stated: Sequence[Stated[str]] | None, default: str, *, empty: str = "[]", indent: str = "  "
) -> str:
    if stated is None:
        return f"{indent}# {key}: {default}"
    values = _render_value([one.value for one in stated]) if stated else empty
    return f"{indent}{key}: {values}{_render_place(stated[0].place if stated else None)}"


def _render_value(value: object) -> str:
    return f"[{', '.join(map(_render_value, value))}]" if isinstance(value, list) else dumps(str(value))


def _render_place(place: Place | None) -> str:
    return f" # {escape_text(place.span.file)}:{place.span.line}" if place else ""
