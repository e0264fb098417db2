"""A whole build: what a chart applies at some values, what Helm would refuse of it, and what is not known here."""

from __future__ import annotations

from typing import Any, NamedTuple

from kubeqed.build.allowance import OF_OBJECT
from kubeqed.build.built import NOTHING_BUILT, Built
from kubeqed.build.directory import Files
from kubeqed.build.files import ServedApis
from kubeqed.build.gotemplate.functions.versions import satisfies
from kubeqed.build.gotemplate.values import PlacedMap, TemplateError
from kubeqed.build.helm.chart import Chart
from kubeqed.build.helm.coalesce import coalesce_values, merge_given
from kubeqed.build.helm.dependencies import missing_dependencies, process_dependencies
from kubeqed.build.helm.loading import ReadChart
from kubeqed.build.helm.manifests import ReadTexts, RenderedManifest, read_manifests, read_texts
from kubeqed.build.helm.messages import HiddenValues
from kubeqed.build.helm.objects import API_VERSIONS, KUBERNETES_VERSION, Capabilities, KubeVersion
from kubeqed.build.helm.rendering import EarlierRendering, PrintedTemplate, Rendering
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
    return ChartBuild(request, ReadChart(request.directory, files)).build(place)


class ChartBuild:
    """One chart on its way into documents.

    `printed` is what each template printed, `rendering` how they were executed, None where they were not. `known` are the
    documents of builds at values of the same places, so that those which are the same are the same object. `before` is what
    holds of what was printed at other values.
    """

    def __init__(
        self,
        request: ChartRequest,
        source: ReadChart,
        known: ReadTexts | None = None,
        before: EarlierRendering | None = None,
    ) -> None:
        self._request = request
        self._source = source
        served = source.files.served or DEFAULT_CLUSTER
        self._served = served._replace(kubernetes=request.kubernetes or served.kubernetes)
        self._known: ReadTexts = {} if known is None else known
        self._before = before
        self.rendering: Rendering | None = None
        self.printed: list[PrintedTemplate] = []

    def build(self, place: Place) -> Built:
        """All that the chart applies; `place` is where it stands if its own files cannot tell."""
        try:
            return self._render_all()
        except RefusalError as error:
            refusal = Refusal(error.place or place, error.reason, error.cause, HELM)
            return NOTHING_BUILT._replace(refusals=(refusal,), used=self._list_used_files())
        except UnbuiltError as error:
            unbuilt = error.at(place)
        except OSError as error:
            unbuilt = Unbuilt(place, f"a chart that is not read: {error.strerror or error}")
        return NOTHING_BUILT._replace(unbuilt=(unbuilt,), used=self._list_used_files())

    def _list_used_files(self) -> frozenset[str]:
        """The real paths of what was read."""
        return frozenset((*self._source.used, *self._request.at.read))

    def _render_all(self) -> Built:
        """All that the chart applies; raises what `ReadChart.open_chart` raises."""
        at = self._request.at
        self._source.files.allowance.check(f"the chart {self._source.files.printed(self._request.directory)}")
        chart = self._source.open_chart()
        if chart.is_library and self._request.passes_libraries:
            return NOTHING_BUILT._replace(used=self._list_used_files())
        _check_chart(chart, self._served, is_assumed=self._served.is_assumed and not self._request.kubernetes)
        if at.own_values is not None:
            chart.values = at.own_values
        given = self._lay_given()
        process_dependencies(chart, given)
        values = coalesce_values(chart, given)
        refusals = check_values(chart, values)
        self.rendering = rendering = self._make_rendering(chart, values)
        self.printed = rendering.render(self._before)
        self._source.files.allowance.spend_on_templates(*rendering.budget.spent())
        manifests = read_manifests(self.printed, rendering.refusals, self._known)
        crds = self._list_crds(chart, rendering.refusals) if self._request.with_crds else []
        documents = tuple(one.document for one in (*crds, *manifests) if self._is_asked(one))
        self._source.files.allowance.spend(OF_OBJECT * len(documents))
        missing = _list_missing(chart)
        hidden = HiddenValues(values, (one.source for one in rendering.templates.values()))
        asked = tuple(one._replace(reason=hidden.hide_asked(one.reason)) for one in rendering.asked)
        asks = (Unbuilt(one.place, f"a template that asks for a value: {one.reason}") for one in asked)
        unbuilt = (*at.unknown, *missing, *rendering.unbuilt, *asks)
        if not missing and not rendering.unbuilt:  # what is lacking may follow from what is not there
            refusals += [one._replace(reason=hidden.hide(one.reason)) for one in rendering.refusals]
        refused = self._weigh_refusals(refusals)
        return Built(documents, refused, unbuilt, self._list_used_files(), bool(at.unknown), asked=asked)

    def _weigh_refusals(self, refusals: list[Refusal]) -> tuple[Refusal, ...]:
        """What is refused as far as that rests on values that are known, and on what if no others are given."""
        if self._request.at.unknown:
            return ()  # the values that are not known may be what is lacking
        is_stated = self._request.at.origin in (ValueSetOrigin.STATED, ValueSetOrigin.CI)
        return tuple(map(_rest_on_text, refusals) if is_stated else refusals)

    def _make_rendering(self, chart: Chart, values: dict[str, Any]) -> Rendering:
        """How the chart is executed."""
        capabilities = Capabilities(self._served.kubernetes, self._served.serves, self._request.api_versions)
        return Rendering(chart, self._make_release(), capabilities, values, self._source.parsed)

    def _is_asked(self, one: RenderedManifest) -> bool:
        """Whether a document is asked for."""
        return (self._request.with_hooks or not one.hooks) and (self._request.with_tests or not one.is_test)

    def _lay_given(self) -> PlacedMap:
        """The values that are given, laid over each other."""
        given = PlacedMap()
        for values in self._request.at.values:
            merge_given(given, values)
        for one in self._request.at.pairs:
            SetPairs(one.text, one.place, self._source.files.allowance, is_text=one.is_text).set_in(given)
        return given

    def _make_release(self) -> dict[str, Any]:
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

    def _list_crds(self, chart: Chart, refusals: list[Refusal]) -> list[RenderedManifest]:
        """The files of `crds/`, which are no templates, so that none is a hook."""
        rendered = [PrintedTemplate(file.name, file.traced(), file.source(file.name)) for file in chart.crds()]
        return [one._replace(hooks=()) for one in read_texts(rendered, refusals, self._known)]


def _check_chart(chart: Chart, served: ServedApis, *, is_assumed: bool) -> None:
    """A RefusalError for a chart that is not to be installed alone, or not on this version, which may be an assumed one."""
    if chart.is_library:
        raise RefusalError("library charts are not installable", chart.place)
    constraint = chart.metadata.get("kubeVersion")
    if isinstance(constraint, str) and constraint:
        try:
            is_compatible = satisfies(constraint, str(KubeVersion(served.kubernetes)))
        except TemplateError:
            is_compatible = False
        if not is_compatible:
            reason = (
                f"chart requires kubeVersion: {constraint} which is incompatible with Kubernetes {served.kubernetes}"
            )
            raise RefusalError(reason, chart.place, RefusalCause.VERSION if is_assumed else RefusalCause.TEXT)


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
