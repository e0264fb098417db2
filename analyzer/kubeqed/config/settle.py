"""Checked keys become settings, every value with its place."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kubeqed.config.places import Places
from kubeqed.config.settings import IgnoreSettings, RuleOptions, RuleSettings, RuleSeverity, Settings
from kubeqed.config.settle_network import settle_network
from kubeqed.diagnostic import Severity
from kubeqed.model.cluster import NONE, Cluster, Stated, StatedChart
from kubeqed.model.units.input import StatedUnit
from kubeqed.parse import Place
from kubeqed.sources import real_path

if TYPE_CHECKING:
    from kubeqed.config import keys
    from kubeqed.config.intents.keys import IntentKeys
    from kubeqed.model.intents import Intent


def to_settings(configuration: keys.Configuration, places: Places, directory: str | None = None) -> Settings:
    """The settings that a configuration states, with paths from `directory`, or from its own."""
    path = places.document.file
    directory = _print_path(directory or os.path.dirname(path) or os.curdir)
    return Settings(
        path,
        directory,
        units=tuple(_settle_units(configuration.units or [], directory)),
        unit_places=tuple(_unit_places(configuration.units or [], places)),
        cluster=_settle_stated(configuration, places),
        rules=_settle_rules(configuration.rules, places) if configuration.rules else RuleSettings(),
        ignores=tuple(_settle_ignores(configuration.ignore or [], places)),
        exclude=_settle_list(configuration.exclude, places, "exclude"),
        baseline=_settle_baseline(configuration.baseline, directory, places),
        charts=tuple(_settle_charts(configuration.charts or [], directory, places)),
        fleet=_settle_list(configuration.fleet, places, "fleet"),
    )


def nothing_stated(path: str, directory: str | None = None) -> Settings:
    """The settings of a file that states nothing."""
    return Settings(path, _print_path(directory or os.path.dirname(path) or os.curdir))


def _settle_units(units: Iterable[keys.UnitKeys], directory: str) -> Iterator[StatedUnit]:
    for unit in units:
        paths = unit.paths or [unit.path]
        # By its real path, so that a unit that is reached through a link is the same unit.
        yield StatedUnit(tuple(real_path(os.path.join(directory, path)) for path in paths), unit.world == "closed")


def _unit_places(units: Iterable[keys.UnitKeys], places: Places) -> Iterator[tuple[Place, ...]]:
    for index, unit in enumerate(units):
        listed = range(len(unit.paths))
        several = (places.value("units", index, "paths", number) for number in listed)
        yield tuple(several) if listed else (places.value("units", index, "path"),)


def _settle_charts(charts: Iterable[keys.ChartKeys], directory: str, places: Places) -> Iterator[StatedChart]:
    """The entries of `charts:`, with real paths."""
    for index, chart in enumerate(charts):
        files = enumerate(chart.values or ())
        yield StatedChart(
            real_path(os.path.join(directory, chart.path)),
            places.value("charts", index, "path"),
            tuple(
                Stated(real_path(os.path.join(directory, file)), places.value("charts", index, "values", number))
                for number, file in files
            ),
            tuple(
                (key, Stated(value, places.value("charts", index, "set", key)))
                for key, value in (chart.set or {}).items()
            ),
            chart.release or "",
            chart.namespace or "",
        )


def _settle_intents(entries: list[IntentKeys], places: Places) -> tuple[Intent, ...]:
    if not entries:
        return ()
    from kubeqed.config.intents.settle import settle_intents  # loads the reach engine

    return tuple(settle_intents(entries, places))


def _settle_baseline(path: str | None, directory: str, places: Places) -> Stated[str] | None:
    return None if path is None else Stated(_print_path(os.path.join(directory, path)), places.value("baseline"))


def _print_path(path: str) -> str:
    """The path as files below it print: relative to the working directory, unless absolute."""
    return os.path.normpath(path) if os.path.isabs(path) else os.path.relpath(path)


def _settle_stated(configuration: keys.Configuration, places: Places) -> Cluster:
    """What is stated of the cluster, and what shall hold of its network."""
    cluster = _settle_cluster(configuration.cluster, places) if configuration.cluster else Cluster()
    intents = _settle_intents(configuration.intents or [], places)
    return replace(cluster, intents=intents) if intents else cluster


def _settle_cluster(cluster: keys.ClusterKeys, places: Places) -> Cluster:
    """What is stated of the cluster, each with its place."""
    return Cluster(
        kubernetes=places.stated(cluster.kubernetes, "cluster", "kubernetes"),
        cni=places.stated(cluster.cni.name, "cluster", "cni", "name") if cluster.cni else None,
        cni_version=places.stated(cluster.cni.version, "cluster", "cni", "version") if cluster.cni else None,
        provider=places.stated(cluster.provider, "cluster", "provider"),
        load_balancer=places.stated(cluster.load_balancer, "cluster", "load_balancer"),
        ingress_controllers=_settle_controllers(cluster.ingress_controllers, places),
        node_port_range=places.stated(cluster.node_port_range, "cluster", "node_port_range"),
        service_cidr=places.stated(cluster.service_cidr, "cluster", "service_cidr"),
        pod_cidr=places.stated(cluster.pod_cidr, "cluster", "pod_cidr"),
        network=settle_network(cluster, places),
    )


def _settle_controllers(names: list[str] | None, places: Places) -> tuple[Stated[str], ...] | None:
    if names is None:
        return None
    # `none` states that there is no controller; a key that is missing states nothing. Rules treat the two
    # differently.
    return () if names == [NONE] else _settle_list(names, places, "cluster", "ingress_controllers")


def _settle_rules(rules: keys.RulesKeys, places: Places) -> RuleSettings:
    """Which rules run, and their severities."""
    return RuleSettings(
        select=None if rules.select is None else _settle_list(rules.select, places, "rules", "select"),
        ignore=_settle_list(rules.ignore, places, "rules", "ignore"),
        severity=tuple(
            RuleSeverity(
                Stated(rule, places.key("rules", "severity", rule)),
                Stated(None if name == "off" else Severity(name), places.value("rules", "severity", rule)),
            )
            for rule, name in (rules.severity or {}).items()
        ),
        options=tuple(
            RuleOptions(
                Stated(rule, places.key("rules", "options", rule)),
                {
                    name: Stated(
                        places.at("rules", "options", rule, name), places.value("rules", "options", rule, name)
                    )
                    for name in options
                },
            )
            for rule, options in (rules.options or {}).items()
        ),
    )


def _settle_ignores(entries: Iterable[keys.IgnoreKeys], places: Places) -> Iterator[IgnoreSettings]:
    """The entries of `ignore:`, each with its place."""
    for index, entry in enumerate(entries):
        yield IgnoreSettings(
            places.value("ignore", index),
            Stated(entry.reason, places.value("ignore", index, "reason")),
            rules=_settle_list(entry.rules, places, "ignore", index, "rules"),
            paths=_settle_list(entry.paths, places, "ignore", index, "paths"),
            objects=_settle_list(entry.objects, places, "ignore", index, "objects"),
        )


def _settle_list(values: Iterable[str] | None, places: Places, *location: str | int) -> tuple[Stated[str], ...]:
    return tuple(Stated(value, places.value(*location, index)) for index, value in enumerate(values or ()))
