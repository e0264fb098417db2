"""A source of an Application: which tool builds it, and what becomes of its objects before they are applied."""

from __future__ import annotations

from kubeqed.build.built import Built
from kubeqed.build.directory import Files
from kubeqed.build.freeze import freeze
from kubeqed.build.gitops.argo.directory import ARGO_CD, DirectoryBuild
from kubeqed.build.gitops.argo.environment import Environment
from kubeqed.build.gitops.argo.kustomize_options import lay_over
from kubeqed.build.gitops.argo.namespaces import set_namespace
from kubeqed.build.gitops.argo.overrides import override
from kubeqed.build.gitops.statement import ObjectLookup
from kubeqed.build.kustomize.build import build_root
from kubeqed.build.kustomize.kustomization import DecodedKustomization
from kubeqed.build.kustomize.names import KUSTOMIZATIONS
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.target import Target
from kubeqed.build.node import OriginNode, thaw
from kubeqed.build.refusal import Refusal, RefusalCause, RefusalError, Unbuilt, UnbuiltError
from kubeqed.diagnostic import ObjectKey
from kubeqed.parse import Place, Through

_TOOLS = {"kustomize": "Kustomize", "helm": "Helm", "directory": "Directory", "plugin": "Plugin"}
_APPLIES = "applies it"
_HOOK = "argocd.argoproj.io/hook"
_SKIP = "Skip"


class ApplicationSource:
    """One source of an Application, whose `path` is known."""

    def __init__(self, source: OriginNode, application: OriginNode) -> None:
        self._source = source
        self._application = application
        self._place = source.entries["path"].place
        self._namespace = application.get("spec", "destination", "namespace")
        self._layers = (Through(self._place._replace(through=()), _APPLIES), *self._place.through)

    def build(self, files: Files, real: str, _lookup: ObjectLookup) -> Built:
        """What the source applies of a real directory; nothing is looked up."""
        if not files.is_directory(real):
            what = "is not a directory" if files.is_file(real) else "does not exist"
            reason = f"{self._source.text_at('path')}: app path {what}"
            return self._refuse_build(reason, RefusalCause.TEXT if files.is_file(real) else RefusalCause.NO_FILE)
        try:
            source = override(self._source, files, real, self._application.text_at("metadata", "name"))
        except RefusalError as error:
            return Built((), (Refusal(error.place or self._place, error.reason, tool=ARGO_CD),), (), frozenset())
        except (UnbuiltError, OSError):
            return self._leave_unbuilt(
                f"{self._source.text_at('path')}, of which a file that changes the source is not read"
            )
        try:
            return self._build_with_tool(source, files, real)
        except OSError as error:
            return self._leave_unbuilt(f"{self._source.text_at('path')}, which is not read: {error.strerror or error}")

    def _build_with_tool(self, source: OriginNode, files: Files, real: str) -> Built:
        tools = [name for name in _TOOLS if (given := source.get(name)) is not None and given.value is not None]
        if len(tools) > 1:
            return self._refuse_build(f"multiple application sources defined: {','.join(_TOOLS[one] for one in tools)}")
        tool = tools[0] if tools else _discover_tool(files, real)
        if tool == "directory":
            return self._build_directory(source, files, real)
        if tool == "kustomize":
            return self._build_kustomization(source, files, real)
        if tool == "helm":
            return self._build_chart(source, files, real)
        return self._leave_unbuilt("what a plugin makes")

    def _refuse_build(self, reason: str, cause: RefusalCause = RefusalCause.TEXT, place: Place | None = None) -> Built:
        return Built((), (Refusal(place or self._place, reason, cause, ARGO_CD),), (), frozenset())

    def _leave_unbuilt(self, reason: str) -> Built:
        return Built((), (), (Unbuilt(self._place, reason),), frozenset())

    def _build_directory(self, source: OriginNode, files: Files, real: str) -> Built:
        read = DirectoryBuild(files, real, source.get("directory"), self._place)
        documents = []
        for tree in read.objects:
            if not _is_skipped(tree):
                key = _make_object_key(tree)
                set_namespace(tree, self._namespace)
                documents.append(freeze(tree, self._layers, key))
        return Built(tuple(documents), tuple(read.refusals), tuple(read.unbuilt), frozenset(read.used))

    def _build_chart(self, source: OriginNode, files: Files, real: str) -> Built:
        from kubeqed.build.gitops.argo.chart import ChartSource  # a third of a start, and few sources are charts
        from kubeqed.build.helm.build import build_chart

        try:
            request = ChartSource(source, self._application, files, real).request()
        except RefusalError as error:
            return self._refuse_build(error.reason, error.cause, error.place)
        built = build_chart(request, files, self._place)
        documents = []
        for placed in built.documents:
            tree = thaw(placed)
            if not _is_skipped(tree):
                set_namespace(tree, self._namespace)
                documents.append(freeze(tree, self._layers, placed.document.source or _make_object_key(tree)))
        return built._replace(documents=tuple(documents))

    def _build_kustomization(self, source: OriginNode, files: Files, real: str) -> Built:
        target = Target(files)
        options = source.get("kustomize")

        def open_root() -> DecodedKustomization:
            root = target.open(real)
            if options is None or not options.entries:
                return root
            return lay_over(root, options, Environment(source, self._application))

        return build_root(target, self._place, open_root, self._finish_resources)

    def _finish_resources(self, resources: ResourceMap) -> None:
        """Makes of what kustomize prints what is applied."""
        for one in resources:
            if _is_skipped(one.tree):
                one.root = None
                continue
            if not one.namespace:
                one.remember_id()
            set_namespace(one.tree, self._namespace)
            one.layers += self._layers
        resources.settle()


def _is_skipped(tree: OriginNode) -> bool:
    """Whether a hook says that an object is never applied."""
    return tree.text_at("metadata", "annotations", _HOOK) == _SKIP


def _discover_tool(files: Files, real: str) -> str:
    """The tool that the files of a directory ask for (discovery.AppType); the later name wins where there are both."""
    names = sorted(files.entries(real))
    found = [name for name in names if name.endswith("Chart.yaml") or name in KUSTOMIZATIONS]
    if not found:
        return "directory"
    return "kustomize" if found[-1] in KUSTOMIZATIONS else "helm"


def _make_object_key(tree: OriginNode) -> ObjectKey:
    """What reports call an object where it is written."""
    metadata = tree.get("metadata")
    namespace, name = (metadata.text_at("namespace"), metadata.text_at("name")) if metadata is not None else ("", "")
    return ObjectKey(tree.text_at("apiVersion"), tree.text_at("kind"), namespace or None, name)
