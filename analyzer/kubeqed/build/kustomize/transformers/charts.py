"""`helmCharts`: charts that a kustomization renders, as with `--enable-helm` (builtins.HelmChartInflationGenerator)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Any

from kubeqed.build.built import Built
from kubeqed.build.directory import Directory
from kubeqed.build.gotemplate.values import PlacedMap
from kubeqed.build.helm.build import ChartRequest, build_chart
from kubeqed.build.helm.stated import values_of_file, values_of_mapping
from kubeqed.build.helm.value_set import NAMESPACE, RELEASE, ValueSet, ValueSetOrigin
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalCause, RefusalError, UnbuiltError

_HOME = "charts"
_OVERRIDE, _MERGE, _REPLACE = "override", "merge", "replace"


def render_chart(entry: OriginNode, directory: Directory, home: str, namespace: str) -> Built:
    """What the chart of an entry applies; `home` holds the charts, `namespace` is that of the kustomizations around.

    A RefusalError for what kustomize refuses, an UnbuiltError for a chart that it would fetch.
    """
    chart = _StatedChart(entry, home or _HOME, directory)
    return build_chart(chart.request(namespace), directory.files, entry.place)


class _StatedChart:
    """An entry, and where its chart lies."""

    def __init__(self, entry: OriginNode, home: str, directory: Directory) -> None:
        self._entry = entry
        self._directory = directory
        self._name = entry.text_at("name")
        if not self._name:
            raise RefusalError("chart name cannot be empty")
        version = entry.text_at("version")
        below = f"{self._name}-{version}" if version and entry.text_at("repo") else ""
        self._real = directory.reachable(posixpath.join(home, below, self._name))
        self._read: list[str] = []

    def request(self, namespace: str) -> ChartRequest:
        """What is asked of the chart."""
        entry = self._entry
        if not self._directory.files.is_directory(self._real):
            self._refuse_chart()
        at = ValueSet(
            f"chart {self._name} of a kustomization",
            ValueSetOrigin.STATED,
            tuple(self._list_values()),
            (),
            entry.text_at("releaseName") or RELEASE,
            entry.text_at("namespace") or namespace or NAMESPACE,
            entry.place,
            read=tuple(self._read),
        )
        return ChartRequest(
            self._real,
            at,
            entry.text_at("kubeVersion"),
            with_tests=entry.text_at("skipTests") != "true",
            with_hooks=entry.text_at("skipHooks") != "true",
            with_crds=entry.text_at("includeCRDs") == "true",
            api_versions=tuple(one.text for one in entry.items_at("apiVersions")),
        )

    def _refuse_chart(self) -> None:
        """Raises the error for a chart that is not there."""
        repository = self._entry.text_at("repo")
        if repository:
            raise UnbuiltError(f"the chart {self._name} of {repository}")
        reason = f"no repo specified for pull, no chart found at '{self._name}'"
        raise RefusalError(reason, cause=RefusalCause.NO_FILE)

    def _list_values(self) -> Iterable[PlacedMap]:
        """The values of files and those of the entry; the later ones win."""
        stated = self._entry.get("valuesFile")
        inline = self._entry.get("valuesInline")
        order = self._entry.text_at("valuesMerge") or _OVERRIDE
        if order not in (_OVERRIDE, _MERGE, _REPLACE):
            reason = f"valuesMerge must be one of {_MERGE} {_OVERRIDE} {_REPLACE}"
            raise RefusalError(reason, self._entry.entries["valuesMerge"].place)
        given = values_of_mapping(inline)
        files = [self._read_file(one) for one in self._entry.items_at("additionalValuesFiles")]
        base = self._read_file(stated) if stated is not None and stated.text else self._own_values()
        if given and order == _REPLACE:
            return (given, *files)
        return (_merge_values(given, base) if order == _MERGE else _merge_values(base, given), *files)

    def _own_values(self) -> PlacedMap:
        """The values of the chart, which are given to it again."""
        path = posixpath.join(self._real, "values.yaml")
        return values_of_file(path, self._directory.files) if self._directory.files.is_file(path) else PlacedMap()

    def _read_file(self, node: OriginNode) -> PlacedMap:
        """The values of a file of the kustomization."""
        real = self._directory.reachable(node.text)
        self._directory.content(node.text)  # says why it cannot be read
        self._read.append(real)
        return values_of_file(real, self._directory.files)


def _merge_values(under: PlacedMap, over: PlacedMap) -> PlacedMap:
    """Values laid over others; null takes away (kyaml merge2)."""
    made = PlacedMap(dict(under), dict(under.places))
    for key, value in over.items():
        old: Any = made.get(key)
        if value is None:
            made.pop(key, None)
        elif isinstance(value, PlacedMap) and isinstance(old, PlacedMap):
            made[key] = _merge_values(old, value)
        else:
            made[key] = value
            made.places[key] = over.places[key]
    return made
