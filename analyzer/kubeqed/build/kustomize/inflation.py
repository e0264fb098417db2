"""Which charts a kustomization inflates, as the tool calls it, and what becomes of their objects."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.build.directory import Directory
from kubeqed.build.kustomize.kustomization import DecodedKustomization
from kubeqed.build.kustomize.notes import Notes
from kubeqed.build.kustomize.resources.reading import read_resources
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.node import OriginNode, thaw
from kubeqed.parse import Through

_FORMER = {
    "chartName": "name",
    "chartVersion": "version",
    "chartRepoUrl": "repo",
    "values": "valuesFile",
    "valuesLocal": "valuesInline",
    "valuesMerge": "valuesMerge",
    "releaseName": "releaseName",
}


def is_chart_generator(plugin: BuildResource) -> bool:
    """Whether a generator renders a chart."""
    return plugin.api_version == "builtin" and plugin.kind == "HelmChartInflationGenerator"


def list_charts(kustomization: DecodedKustomization) -> tuple[str, list[OriginNode]]:
    """Where the charts lie, and the entries of `helmCharts` and of the field that was its name before.

    After types.SplitHelmParameters: the last entry that names a home of charts wins where nothing else does.
    """
    fields, former = kustomization.fields, kustomization.listed("helmChartInflationGenerator")
    home = fields.text_at("helmGlobals", "chartHome")
    if "helmGlobals" not in fields.entries:
        home = next(filter(None, (one.text_at("chartHome") for one in reversed(former))), "")
    return home, [*kustomization.listed("helmCharts"), *map(_rename_fields, former)]


def _rename_fields(entry: OriginNode) -> OriginNode:
    """An entry of the former field as one of `helmCharts`."""
    made = entry.copy()
    made.value = {new: entry.entries[old] for old, new in _FORMER.items() if old in entry.entries}
    return made


def inflate_chart(
    entry: OriginNode, directory: Directory, home: str, namespace: str, notes: Notes
) -> Iterator[BuildResource]:
    """The objects that a chart applies; what is refused or missing of it is noted."""
    from kubeqed.build.kustomize.transformers.charts import render_chart  # a third of a start, and few have charts

    notes.renders_charts = True
    built = render_chart(entry, directory, home, namespace)
    notes.used |= built.used
    for refusal in built.refusals:
        notes.note_refusal(refusal)
    for part in built.unbuilt:
        notes.note_unbuilt(part, is_change=built.lacks_change)
    for one in read_resources(map(thaw, built.documents)):
        one.layers.append(Through(entry.place, "renders it"))
        one.rendered_as = one.tree.source.document.source
        yield one
