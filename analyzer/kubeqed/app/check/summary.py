"""What a run says besides findings: how the units were found, what was not read, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import compress

from kubeqed.app.check.versions import notice_of_version
from kubeqed.diagnostic import Notice, NoticeKind, list_some, list_text
from kubeqed.model.cluster import Cluster
from kubeqed.model.confidential.values import redact_credentials
from kubeqed.model.units.input import Input
from kubeqed.model.units.read import Manifest
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.report.unit_names import join_text, unit_text
from kubeqed.resolve import Resolver
from kubeqed.sources import Collected, is_below, real_path

_MOST_UNITS = 5
_MOST_GIVEN_UP = 20
_HOW = {
    UnitOrigin.CONFIGURED: "from the configuration",
    UnitOrigin.CLOSED: "of a closed world",
    UnitOrigin.CLUSTER: "stated by GitOps objects",
    UnitOrigin.KUSTOMIZATION: "from kustomizations",
    UnitOrigin.VALUED_CHART: "from charts at stated values",
    UnitOrigin.CHART: "from charts at their default values",
    UnitOrigin.GUESSED: "guessed from directories",
}


def notices_of_templates(manifests: Iterable[Manifest]) -> Iterator[Notice]:
    """One notice for each file that holds a template which could not be read."""
    for manifest in manifests:
        templates = [placed for placed in manifest.documents if placed.document.template]
        if templates:
            place = templates[0].placed(templates[0].document.top)
            text = "a template that does not parse until it is rendered was skipped"
            yield Notice(NoticeKind.SKIPPED_TEMPLATE, place.span, text)


def notices_of_joins(whole: Input) -> Iterator[Notice]:
    """One notice for each directory of policies that was joined to workloads by guess."""
    for unit in whole.units:
        for join in unit.joins:
            policies = (item for item in unit.objects if item.file in join.files)
            place = next((item.at("kind") for item in policies if item.kind.endswith("Policy")), None)
            yield Notice(NoticeKind.GUESSED_JOIN, place.span if place else None, join_text(unit, join))


def notices_of_given_up(whole: Input) -> Iterator[Notice]:
    """One notice for each part that was not built because it would cost too much, and one for those beyond the first."""
    parts = (part for unit in whole.units for build in unit.builds for part in build.unbuilt if part.gave_up)
    given_up = list(dict.fromkeys(parts))
    for part in given_up[:_MOST_GIVEN_UP]:
        yield Notice(
            NoticeKind.GAVE_UP, part.place.span, f"{redact_credentials(part.reason)}: given up, nothing of it is judged"
        )
    if (more := len(given_up) - _MOST_GIVEN_UP) > 0:
        yield Notice(
            NoticeKind.GAVE_UP, None, f"{more} more parts would cost too much: given up, nothing of them is judged"
        )


def summarize(whole: Input, collected: Collected, cluster: Cluster, *, any_found: bool) -> Iterator[str]:
    """The sentences at the end of a report, without a full stop; `any_found` says that there are findings."""
    if whole.objects:
        yield _describe_units(whole)
        yield from _describe_clusters(whole)
        yield from _count_untried(whole)
        yield from _name_enforcing_cnis(whole, cluster)
    yield from _not_built(whole)
    yield from _name_alternatives(whole)
    yield from (f"{root} of the configuration holds no object" for root in _stated_in_vain(whole))
    yield from _warn_of_version(cluster)
    yield from _not_read(collected, whole)
    yield from () if any_found else _give_hints(whole, collected)


def _describe_units(whole: Input) -> str:
    counts = Counter(unit.found for unit in whole.units if unit.objects)
    found = ", ".join(f"{counts[how]} {text}" for how, text in _HOW.items() if counts[how])
    advice = "; state them under units: in kubeqed.yaml, or give --world closed if the PATHs are one whole cluster"
    return f"units: {found}{advice if counts[UnitOrigin.GUESSED] else ''}"


def _describe_clusters(whole: Input) -> Iterator[str]:
    """How much reaches each cluster that GitOps objects state."""
    clusters = [unit for unit in whole.units if unit.found is UnitOrigin.CLUSTER]
    if clusters:
        yield f"clusters: {list_some([_cluster_text(unit) for unit in clusters], _MOST_UNITS)}"


def _cluster_text(unit: Unit) -> str:
    count = len(unit.objects)
    return f"{unit_text(unit)} with {count} object{_plural_ending(count)}"


def _not_built(whole: Input) -> Iterator[str]:
    """Which parts of kustomizations are not in the objects that were judged."""
    parts: dict[str, dict[str, None]] = {}
    for part in (part for unit in whole.units for build in unit.builds for part in build.unbuilt):
        name, _, why = redact_credentials(part.reason).partition(", which is ")
        parts.setdefault(why or "not built", {})[name] = None
    for why, names in parts.items():
        verb, them = ("is", "it") if len(names) == 1 else ("are", "them")
        yield f"{list_some(list(names), _MOST_UNITS)} {verb} {why}, so nothing of {them} is judged"


def _count_untried(whole: Input) -> Iterator[str]:
    """How many switches and values files of charts were too many to be tried."""
    if whole.untried:
        yield f"{whole.untried} switch{'es' if whole.untried > 1 else ''} or files of ci/ not tried: a chart has too many, or the run would cost too much"


def _name_alternatives(whole: Input) -> Iterator[str]:
    """That the PATHs of a closed world are several clusters."""
    closed = [unit for unit in whole.units if unit.found is UnitOrigin.CLOSED]
    if len(closed) > 1:
        names = [unit_text(unit) for unit in closed]
        yield f"{list_text(names, _MOST_UNITS)} define the same objects: each is a cluster of its own, with what goes with it"


def _name_enforcing_cnis(whole: Input, cluster: Cluster) -> Iterator[str]:
    """On which CNIs the NetworkPolicies hold, where none is named."""
    concerned = [unit for unit in whole.units if any(item.kind == "NetworkPolicy" for item in unit.objects)]
    if not concerned:
        return
    from kubeqed.prove.questions.policy_cnis import describe_policy_cnis  # reads the CNI data

    if said := describe_policy_cnis(Resolver(unit, whole, cluster) for unit in concerned):
        yield f"{said}; state cluster.cni in kubeqed.yaml"


def _warn_of_version(cluster: Cluster) -> Iterator[str]:
    """What the command line says at once of its own version is said here of the configuration's."""
    stated = cluster.kubernetes
    if stated is not None and stated.place is not None and (text := notice_of_version(stated.value)):
        span = stated.place.span
        yield f"{span.file}:{span.line}:{span.column}: {text}"


def _stated_in_vain(whole: Input) -> Iterator[str]:
    """The units of the configuration without objects, and the paths of the others that lead to none."""
    for unit in whole.units:
        if unit.found is UnitOrigin.CONFIGURED and not unit.objects:
            yield f"unit {unit.root}"
        elif unit.found is UnitOrigin.CONFIGURED:
            files = {whole.paths.real(item.file) for item in unit.objects}
            vain = (not any(is_below(file, place) for file in files) for place in unit.places)
            yield from (f"path {root} of unit {unit.root}" for root in compress(unit.roots, vain))


def _not_read(collected: Collected, whole: Input) -> Iterator[str]:
    rendered = frozenset[str]().union(*(unit.rendered_from for unit in whole.units if unit.objects))
    left = [path for path in collected.chart_templates if real_path(path) not in rendered]
    if left:
        count, charts = len(left), len(collected.charts)
        of = (
            f"{charts} chart{_plural_ending(charts)}" if charts else "a chart"
        )  # a template given by name, its chart was not met
        yield (
            f"{count} template file{_plural_ending(count)} of {of} not read: "
            "pipe `helm template` into `kubeqed check -` to check what they render"
        )


def _give_hints(whole: Input, collected: Collected) -> Iterator[str]:
    kinds = Counter(item.kind for item in whole.objects)
    if not whole.objects and not collected.notices:
        yield "no Kubernetes object was found; name a directory or a file that holds manifests (.yaml, .yml, .json)"
    elif kinds and set(kinds) <= {"HelmRelease", "HelmRepository", "OCIRepository", "GitRepository", "Kustomization"}:
        yield "only HelmReleases and their like were found: render them first, and check the output"


def _plural_ending(count: int) -> str:
    return "" if count == 1 else "s"
