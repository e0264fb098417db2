"""A source of an Application: which tool builds it, and what becomes of its objects before they are applied."""

from __future__ import annotations

from collections.abc import Iterable

from kubeqed.build.gitops.argo.directory import DirectoryBuild
from kubeqed.build.gitops.argo.namespaces import set_namespace
from kubeqed.build.gitops.statement import ObjectLookup
from kubeqed.build.kustomize.build import Built, build
from kubeqed.build.kustomize.refusal import Refusal, RefusalCause, Unbuilt
from kubeqed.build.kustomize.source.directory import NAMES, Files
from kubeqed.build.node import OriginNode, freeze, thaw
from kubeqed.diagnostic import ObjectKey
from kubeqed.parse import PlacedDocument, Through

_TOOLS = {"kustomize": "Kustomize", "helm": "Helm", "directory": "Directory", "plugin": "Plugin"}
_APPLIES = "takes it in"
_HOOK = "argocd.argoproj.io/hook"
_SKIP = "Skip"


class ApplicationSource:
    """One source of an Application, whose `path` is known."""

    def __init__(self, source: OriginNode, application: OriginNode) -> None:
        self._source = source
        self._place = source.entries["path"].place
        self._namespace = application.get("spec", "destination", "namespace")

    def build(self, files: Files, real: str, _lookup: ObjectLookup) -> Built:
        """What the source applies of a real directory; nothing is looked up."""
        if not files.is_directory(real):
            what = "is not a directory" if files.is_file(real) else "does not exist"
            reason = f"{self._source.text_at('path')}: app path {what}"
            return self._refused(reason, RefusalCause.TEXT if files.is_file(real) else RefusalCause.NO_FILE)
        tools = [name for name in _TOOLS if (given := self._source.get(name)) is not None and given.value is not None]
        if len(tools) > 1:
            return self._refused(f"multiple application sources defined: {','.join(_TOOLS[one] for one in tools)}")
        tool = tools[0] if tools else _discovered(files, real)
        if tool == "directory":
            return self._build_directory(files, real)
        if tool == "kustomize":
            return self._build_kustomization(files, real)
        what = f"the chart in {self._source.text_at('path')}" if tool == "helm" else "what a plugin makes"
        return Built((), (), (Unbuilt(self._place, what),), frozenset())

    def _refused(self, reason: str, cause: RefusalCause = RefusalCause.TEXT) -> Built:
        return Built((), (Refusal(self._place, reason, cause),), (), frozenset())

    def _build_directory(self, files: Files, real: str) -> Built:
        read = DirectoryBuild(files, real, self._source.get("directory"), self._place)
        documents = self._applied((tree, _key(tree)) for tree in read.objects)
        return Built(documents, tuple(read.refusals), tuple(read.unbuilt), frozenset(read.used))

    def _build_kustomization(self, files: Files, real: str) -> Built:
        built = build(real, files, self._place)
        documents = self._applied(
            (thaw(placed), placed.document.source or _key(thaw(placed))) for placed in built.documents
        )
        options = self._source.get("kustomize")
        if options is None or not options.entries:
            return built._replace(documents=documents)
        lack = Unbuilt(options.place, "the fields of an Application that change its kustomization")
        return built._replace(documents=documents, unbuilt=(*built.unbuilt, lack), lacks_change=True)

    def _applied(self, objects: Iterable[tuple[OriginNode, ObjectKey]]) -> tuple[PlacedDocument, ...]:
        """The objects as they are applied; those that a hook says to skip never are."""
        place = self._place
        layers = (Through(place._replace(through=()), _APPLIES), *place.through)
        made = []
        for tree, key in objects:
            if tree.text_at("metadata", "annotations", _HOOK) != _SKIP:
                set_namespace(tree, self._namespace)
                made.append(freeze(tree, layers, key))
        return tuple(made)


def _discovered(files: Files, real: str) -> str:
    """The tool that the files of a directory ask for (discovery.AppType); the later name wins where there are both."""
    names = sorted(files.entries(real))
    found = [name for name in names if name.endswith("Chart.yaml") or name in NAMES]
    if not found:
        return "directory"
    return "kustomize" if found[-1] in NAMES else "helm"


def _key(tree: OriginNode) -> ObjectKey:
    """What reports call an object where it is written."""
    metadata = tree.get("metadata")
    namespace, name = (metadata.text_at("namespace"), metadata.text_at("name")) if metadata is not None else ("", "")
    return ObjectKey(tree.text_at("apiVersion"), tree.text_at("kind"), namespace or None, name)
