"""A whole build: what a chart applies at some values, what Helm would refuse of it, and what is not known here."""

from __future__ import annotations

from typing import Any, NamedTuple

from kubeqed.build.built import Built
from kubeqed.build.directory import Files
from kubeqed.build.files import ServedApis
from kubeqed.build.gotemplate.functions.versions import satisfies
from kubeqed.build.gotemplate.origin import TemplateSource
from kubeqed.build.gotemplate.values import PlacedMap, TemplateError
from kubeqed.build.helm.chart import Chart
from kubeqed.build.helm.coalesce import coalesce_values, merge_given
from kubeqed.build.helm.dependencies import missing_dependencies, process_dependencies
from kubeqed.build.helm.loading import load_chart
from kubeqed.build.helm.manifests import RenderedManifest, read_manifests, traced_file
from kubeqed.build.helm.objects import API_VERSIONS, KUBERNETES_VERSION, Capabilities, KubeVersion
from kubeqed.build.helm.rendering import PackedSource, PrintedTemplate, Rendering
from kubeqed.build.helm.schema import check_values
from kubeqed.build.helm.value_set import AT_DEFAULTS, ValueSet, ValueSetOrigin
from kubeqed.build.helm.values import SetPairs
from kubeqed.build.refusal import HELM, Refusal, RefusalCause, RefusalError, Unbuilt, UnbuiltError
from kubeqed.parse import Place

DEFAULT_CLUSTER = ServedApis(KUBERNETES_VERSION, API_VERSIONS.__contains__)


class ChartRequest(NamedTuple):
    """What is asked of a chart: its real directory, the values, and the version of the cluster if it is not that of the files.

    `api_versions` are served beside what that serves.
    `passes_libraries` says that a library chart applies nothing; Helm refuses to install one.
    """

    directory: str
    at: ValueSet = AT_DEFAULTS
    kubernetes: str = ""
    with_tests: bool = True
    with_hooks: bool = True
    with_crds: bool = True
    passes_libraries: bool = False
    api_versions: tuple[str, ...] = ()


def build_chart(request: ChartRequest, files: Files, place: Place) -> Built:
    """Renders the chart of a real directory; `place` is where it stands if its own files cannot tell."""
    used = set(request.at.read)
    try:
        return _ChartBuild(request, files, used).build()
    except RefusalError as error:
        return Built((), (Refusal(error.place or place, error.reason, error.cause, HELM),), (), frozenset(used))
    except UnbuiltError as error:
        return Built((), (), (Unbuilt(place, error.reason),), frozenset(used))
    except OSError as error:
        return Built((), (), (Unbuilt(place, f"a chart that is not read: {error.strerror or error}"),), frozenset(used))


class _ChartBuild:
    """One chart on its way into documents."""

    def __init__(self, request: ChartRequest, files: Files, used: set[str]) -> None:
        self._request = request
        served = files.served or DEFAULT_CLUSTER
        self._served = served._replace(kubernetes=request.kubernetes or served.kubernetes)
        self._files = files
        self._used = used

    def build(self) -> Built:
        """All that the chart applies."""
        request = self._request
        chart = load_chart(request.directory, self._files, self._used)
        if chart.is_library and request.passes_libraries:
            return Built((), (), (), frozenset(self._used))
        _check_chart(chart, self._served.kubernetes)
        if request.at.own_values is not None:
            chart.values = request.at.own_values
        given = self._given()
        process_dependencies(chart, given)
        missing = _list_missing(chart)
        values = coalesce_values(chart, given)
        refusals = check_values(chart, values)
        capabilities = Capabilities(self._served.kubernetes, self._served.serves, request.api_versions)
        rendering = Rendering(chart, self._release(), capabilities, values)
        manifests = read_manifests(rendering.render(), rendering.refusals)
        crds = self._crds(chart, rendering.refusals) if request.with_crds else []
        documents = [one.document for one in (*crds, *manifests) if self._counts(one)]
        unbuilt = [
            *request.at.unknown,
            *missing,
            *rendering.unbuilt,
            *(Unbuilt(one.place, f"a template that asks for a value: {one.reason}") for one in rendering.asked),
        ]
        refusals += [] if missing else rendering.refusals  # what a library lacks may follow from its not being there
        if request.at.unknown:
            refusals = []  # the values that are not known may be what is lacking
        elif request.at.origin is ValueSetOrigin.STATED:
            refusals = list(map(_rest_on_text, refusals))
        lacks_change = bool(request.at.unknown)
        return Built(tuple(documents), tuple(refusals), tuple(unbuilt), frozenset(self._used), lacks_change)

    def _counts(self, one: RenderedManifest) -> bool:
        """Whether a document is asked for."""
        return (self._request.with_hooks or not one.hooks) and (self._request.with_tests or not one.is_test)

    def _given(self) -> PlacedMap:
        """The values that are given, laid over each other."""
        given = PlacedMap()
        for values in self._request.at.values:
            merge_given(given, values)
        for one in self._request.at.pairs:
            SetPairs(one.text, one.place, is_text=one.is_text).set_in(given)
        return given

    def _release(self) -> dict[str, Any]:
        """`.Release`."""
        at = self._request.at
        return {
            "Name": at.release,
            "Namespace": at.namespace,
            "IsUpgrade": False,
            "IsInstall": True,
            "Revision": 1,
            "Service": "Helm",
        }

    def _crds(self, chart: Chart, refusals: list[Refusal]) -> list[RenderedManifest]:
        """The files of `crds/`, which are no templates."""
        rendered = []
        for file in chart.crds():
            source = (PackedSource if file.is_packed else TemplateSource)(file.name, file.file, file.text)
            rendered.append(PrintedTemplate(file.name, traced_file(source), source))
        return read_manifests(rendered, refusals)


def _check_chart(chart: Chart, kubernetes: str) -> None:
    """A RefusalError for a chart that is not to be installed alone, or not on this version."""
    if chart.is_library:
        raise RefusalError("library charts are not installable", chart.place)
    constraint = chart.metadata.get("kubeVersion")
    if isinstance(constraint, str) and constraint:
        try:
            is_compatible = satisfies(constraint, str(KubeVersion(kubernetes)))
        except TemplateError:
            is_compatible = False
        if not is_compatible:
            reason = f"chart requires kubeVersion: {constraint} which is incompatible with Kubernetes {kubernetes}"
            raise RefusalError(reason, chart.place)


def _rest_on_text(refusal: Refusal) -> Refusal:
    """What is refused at values that are stated: no others are given."""
    is_of_values = refusal.cause is RefusalCause.VALUES
    return refusal._replace(cause=RefusalCause.TEXT) if is_of_values else refusal


def _list_missing(chart: Chart) -> list[Unbuilt]:
    """The dependencies that `helm dependency build` would fetch, of the chart and of those in it."""
    own = [
        Unbuilt(one.place, f"the chart {one.name} of {chart.name}, which is not in {chart.name}/charts")
        for one in missing_dependencies(chart)
    ]
    return own + [one for inner in chart.charts for one in _list_missing(inner)]
