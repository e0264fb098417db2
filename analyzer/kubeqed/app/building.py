"""The builds of an input: which tree each kustomization is of, and what of it was parsed before."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple, Self

from kubeqed.build.allowance import Allowance
from kubeqed.build.files import ServedApis, TreeFiles
from kubeqed.build.refusal import RefusalError
from kubeqed.diagnostic import FailuresNoted, Notice
from kubeqed.model.cluster import NEWEST_KUBERNETES, KubernetesVersion, StatedChart
from kubeqed.parse import Parsed, Place
from kubeqed.sources import Collected, FileTree, is_below, origin_url, repository_root, tree_around
from kubeqed.sources.chart import CHART_FILE

if TYPE_CHECKING:
    from kubeqed.build.built import Built
    from kubeqed.build.gitops.roots import RootSearch
    from kubeqed.build.helm.analysis.switches import SwitchedChart, ValueSearch
    from kubeqed.build.helm.value_set import ValueSet

TreeOf = Callable[[str], FileTree]


class ChartTries(NamedTuple):
    """At which values a chart is rendered besides its own: with each of its switches changed, and at those that a search finds."""

    switches: bool = False
    search: ValueSearch | None = None


NO_TRIES = ChartTries()


class TreesOnDisk:
    """The tree of each directory: its repository, else the outermost PATH that it lies in. They are held until this is left."""

    def __init__(self, collected: Collected) -> None:
        paths = collected.paths
        self._roots = sorted((paths.real(root.path) for root in paths.roots if root.is_directory), key=len)
        self._trees: dict[str, FileTree] = {}
        self._known: dict[str, str] = {}
        self._held = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def __call__(self, directory: str) -> FileTree:
        """The tree that holds a real directory."""
        root = self._root_of(directory)
        if root not in self._trees:
            self._trees[root] = self._held.enter_context(tree_around(directory, root))
        return self._trees[root]

    def _root_of(self, directory: str) -> str:
        """The root that holds a directory, which neighbours share."""
        if directory not in self._known:
            parent = os.path.dirname(directory)
            if parent in self._known and not os.path.exists(os.path.join(directory, ".git")):
                self._known[directory] = self._known[parent]
            else:
                found = repository_root(directory)
                self._known[directory] = found or next((r for r in self._roots if is_below(directory, r)), directory)
        return self._known[directory]


class Builder:
    """Builds the kustomizations of what was collected; each file of a tree is parsed once for all of them.

    A build on which kubeqed itself fails is noted in `failures`, and costs that build alone. `tries` says at which
    other values charts are rendered, too.
    """

    def __init__(
        self,
        tree_of: TreeOf,
        collected: Collected,
        known: Mapping[str, Parsed],
        failures: list[Notice] | None = None,
        *,
        kubernetes: KubernetesVersion | None = None,
        tries: ChartTries = NO_TRIES,
    ) -> None:
        self._tries = tries
        self._kubernetes = kubernetes or NEWEST_KUBERNETES
        self._is_version_stated = kubernetes is not None
        self._failures = [] if failures is None else failures
        self._tree_of = tree_of
        self._known = known
        self._printed = collected.paths.printed
        self._unread = {item.real: item.reason for item in collected.unread if item.real}
        self._files: dict[str, TreeFiles] = {}
        self._allowance = Allowance()
        self._built: dict[str, Built] = {}
        self._charts: dict[str, SwitchedChart] = {}

    def __call__(self, directory: str) -> Built:
        """What the kustomization of a real directory applies, built once."""
        if directory not in self._built:
            self._built[directory] = self._build_kustomization(directory)
        return self._built[directory]

    def chart(self, directory: str, at: ValueSet | None = None) -> Built:
        """What the chart of a real directory applies at some values; at those of its own, the default, it is rendered once."""
        return (
            self.chart_with_switches(directory).built
            if at is None
            else self._render_chart(directory, at, tries=False).built
        )

    def chart_with_switches(self, directory: str) -> SwitchedChart:
        """What the chart of a real directory applies at its default values, and at others that are tried, if they are."""
        if directory not in self._charts:
            from kubeqed.build.helm.value_set import AT_DEFAULTS  # as the builder is

            self._charts[directory] = self._render_chart(directory, AT_DEFAULTS, tries=self._tries.switches)
        return self._charts[directory]

    def _render_chart(self, directory: str, at: ValueSet, *, tries: bool) -> SwitchedChart:
        from kubeqed.build.helm.analysis.switches import SwitchedChart, build_with_switches  # as the builder is
        from kubeqed.build.helm.build import ChartRequest
        from kubeqed.build.installed import fill_namespaces

        files = self._files_of(self._tree_of(directory))
        place = Place.at_start(self._printed(directory))
        request = ChartRequest(directory, at, with_tests=False, passes_libraries=True)
        with FailuresNoted(self._failures, f"rendering {place.file}"):
            made = build_with_switches(request, files, place, tries=tries, search=self._tries.search)
            for built in (made.built, *(one.built for one in made.trials)):
                fill_namespaces(built.documents, at.namespace)
            return made
        return SwitchedChart(_make_failed_build(place))

    def stated_chart(self, stated: StatedChart) -> Built:
        """What a chart applies at the values that the configuration states."""
        from kubeqed.build.helm.stated import set_text, values_of_file  # as the builder is
        from kubeqed.build.helm.value_set import NAMESPACE, RELEASE, ValueSet, ValueSetOrigin

        files = self._files_of(self._tree_of(stated.directory))
        if not files.is_file(os.path.join(stated.directory, CHART_FILE)):
            return _make_refused_build(stated.place, f"{CHART_FILE} file is missing")
        values = []
        for one in stated.files:
            try:
                values.append(values_of_file(one.value, files))
            except RefusalError as error:
                return _make_refused_build(error.place or one.place, error.reason)
            except OSError as error:
                return _make_refused_build(
                    one.place, f"open {self._printed(one.value)}: {str(error.strerror or error).lower()}"
                )
        at = ValueSet(
            stated.name,
            ValueSetOrigin.STATED,
            tuple(values),
            tuple(set_text(key, one.value, one.place) for key, one in stated.pairs if one.place),
            stated.release or RELEASE,
            stated.namespace or NAMESPACE,
            stated.place,
            read=tuple(one.value for one in stated.files),
        )
        return self.chart(stated.directory, at)

    def stating_charts(self, directories: Iterable[str]) -> dict[str, Built]:
        """What those charts apply at their default values that print GitOps objects, by their own files."""
        from kubeqed.build.gitops.holding import prints_statements  # as the builder is

        found = {one: self._files_of(self._tree_of(one)) for one in directories}
        built = {one: self.chart(one) for one, files in found.items() if prints_statements(one, files)}
        return {os.path.join(one, CHART_FILE): applied for one, applied in built.items() if applied.documents}

    def texts(self, paths: Iterable[str]) -> dict[str, Parsed]:
        """The texts of some real files that builds read and that are no manifests, as reports show them, by real path."""
        found = {}
        for files in self._files.values():
            for path in paths:
                if files.holds(path) and path not in self._known:
                    content = files.content(path).decode(errors="replace")
                    found[path] = Parsed(files.printed(path), content, (), passed_over=True)
        return found

    def search_roots(self, written: Iterable[str], kustomizations: Mapping[str, Built]) -> list[RootSearch]:
        """The search for clusters of each repository: `written` are real files that hold GitOps objects, `kustomizations` builds that do, by their real files."""
        inside: dict[str, list[str]] = {}
        for path in (*written, *kustomizations):
            inside.setdefault(self._tree_of(os.path.dirname(path)).root, []).append(path)
        return [self._search_root(root, paths, kustomizations) for root, paths in inside.items()]

    def _search_root(self, root: str, paths: Iterable[str], kustomizations: Mapping[str, Built]) -> RootSearch:
        from kubeqed.build.gitops.roots import RootSearch  # as the builder is

        files = self._files_of(self._tree_of(root))
        written = {path: files.documents(path) for path in paths if path not in kustomizations}
        built = {path: kustomizations[path] for path in paths if path in kustomizations}
        return RootSearch(files, root, origin_url(root), written, built, self._failures)

    def _files_of(self, tree: FileTree) -> TreeFiles:
        if tree.root not in self._files:
            served = ServedApis(f"v{self._kubernetes}.0", self._serves_api, is_assumed=not self._is_version_stated)
            self._files[tree.root] = TreeFiles(tree, self._printed, self._known, self._unread, served, self._allowance)
        return self._files[tree.root]

    def _serves_api(self, api_version: str) -> bool:
        """Whether the stated cluster serves an API version, or a kind of one."""
        from kubeqed.apiserver.decode.table import serves  # only charts ask

        return serves(self._kubernetes, api_version)

    def _build_kustomization(self, directory: str) -> Built:
        from kubeqed.build.kustomize.build import build  # a fifth of a start, and many inputs have nothing to build

        tree = self._tree_of(directory)
        files = self._files_of(tree)
        place = Place.at_start(self._printed(directory))
        with FailuresNoted(self._failures, f"building {place.file}"):
            return build(directory, files, place)
        return _make_failed_build(place)


def _make_refused_build(place: Place | None, reason: str) -> Built:
    """What is left of a chart that cannot be read, or whose values cannot."""
    from kubeqed.build.built import NOTHING_BUILT
    from kubeqed.build.refusal import HELM, Refusal

    return NOTHING_BUILT if place is None else NOTHING_BUILT._replace(refusals=(Refusal(place, reason, tool=HELM),))


def _make_failed_build(place: Place) -> Built:
    """What is left of a build on which kubeqed failed."""
    from kubeqed.build.built import NOTHING_BUILT
    from kubeqed.build.refusal import Unbuilt

    return NOTHING_BUILT._replace(unbuilt=(Unbuilt(place, f"{place.file}, on which kubeqed failed"),))
