"""What CNIs make of the policies: the CNI of the cluster as it is stated, asked of each unit that has policies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kubeqed.app.load import Loaded
from kubeqed.app.question import QuestionError, check_cni_name, notices_of_unread
from kubeqed.diagnostic import FailuresNoted, Notice
from kubeqed.model.cluster import Cluster, Stated
from kubeqed.prove.questions.cni_losses import tabulate_cnis
from kubeqed.report.cni.listing import CniListing, UnitCnis
from kubeqed.resolve import Resolver


def list_cnis(loaded: Loaded, cni: str | None, version: str | None) -> CniListing:
    """A table for each unit with policies; a QuestionError for a CNI that is not known.

    `cni` and `version` take the place of what the configuration states.
    """
    cluster = _state_cni(loaded.settings.cluster, cni, version)
    failures: list[Notice] = []
    units = tuple(_tabulate_units(loaded, cluster, failures))
    return CniListing(units, (*notices_of_unread(loaded), *failures))


def loses_lines(listing: CniListing) -> bool:
    """Whether the CNI of a unit, where it is known, does not enforce all of its policies."""
    return any(one.table.loses for one in listing.units)


def _tabulate_units(loaded: Loaded, cluster: Cluster, failures: list[Notice]) -> Iterator[UnitCnis]:
    for unit in loaded.input.units:
        with FailuresNoted(failures, f"answering for the unit {unit.root}"):
            table = tabulate_cnis(Resolver(unit, loaded.input, cluster))
            if table.policies:
                yield UnitCnis(unit, table)


def _state_cni(cluster: Cluster, cni: str | None, version: str | None) -> Cluster:
    if cni is not None:
        check_cni_name(cni)
        cluster = replace(cluster, cni=Stated(cni), cni_version=None)
    if version is None:
        return cluster
    from kubeqed.model.cni.capabilities import parse_version  # reads no data, but loads the module of it

    if cluster.cni is None:
        raise QuestionError("a version needs a CNI: name it with --cni or in kubeqed.yaml", "--cni-version")
    if parse_version(version) is None:
        raise QuestionError(f"{version!r} is no version such as 1.16", "--cni-version")
    return replace(cluster, cni_version=Stated(version))
