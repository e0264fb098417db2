"""The chart of a HelmRelease: the values that are stated for it, and what becomes of its objects.

After helm-controller v1.6 (internal/action, internal/postrender) and fluxcd/pkg/chartutil, ChartValuesFromReferences.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterable, Iterator

from kubeqed.build.built import Built
from kubeqed.build.directory import Directory, Files
from kubeqed.build.freeze import freeze
from kubeqed.build.gitops.flux.decryption import ENCRYPTED
from kubeqed.build.gitops.flux.metadata import add_common_metadata
from kubeqed.build.gitops.statement import ObjectLookup
from kubeqed.build.gotemplate.values import PlacedMap
from kubeqed.build.helm.build import ChartRequest, build_chart
from kubeqed.build.helm.coalesce import merge_given
from kubeqed.build.helm.stated import values_of_file, values_of_mapping, values_of_text
from kubeqed.build.helm.value_set import NAMESPACE, ValueSet, ValueSetOrigin
from kubeqed.build.helm.values import SetPairs
from kubeqed.build.installed import fill_namespaces
from kubeqed.build.kustomize.build import build_root
from kubeqed.build.kustomize.kustomization import DecodedKustomization, decode_root
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.target import Target
from kubeqed.build.node import OriginNode, thaw
from kubeqed.build.refusal import HELM, Refusal, RefusalCause, RefusalError, Unbuilt, UnbuiltError
from kubeqed.parse import PlacedDocument, Through, Unknown

_APPLIED = "applies it"
_LONGEST_NAME = 53  # of a release, for Helm
_HASHED = 12
_OWN_KEY = "values.yaml"


class ReleasedChart:
    """What the HelmRelease `tree` applies of a chart that it names by a path."""

    def __init__(self, tree: OriginNode) -> None:
        self._tree = tree
        self._path = path = tree.get("spec", "chart", "spec", "chart") or tree
        self._layer = Through(path.place._replace(through=()), _APPLIED)

    def build(self, files: Files, real: str, lookup: ObjectLookup) -> Built:
        """What it applies of the chart in a real directory."""
        try:
            request = _Request(self._tree, Directory(real, files), self._path.text, lookup).chart()
        except RefusalError as error:
            place = error.place or self._path.place
            return Built((), (Refusal(place, error.reason, error.cause, HELM),), (), frozenset())
        except UnbuiltError as error:
            return Built((), (), (error.at(self._path.place),), frozenset())
        except OSError as error:
            reason = f"{self._path.text}, whose values are not read: {error.strerror or error}"
            return Built((), (), (Unbuilt(self._path.place, reason),), frozenset())
        built = build_chart(request, files, self._path.place)
        fill_namespaces(built.documents, request.at.namespace)
        for renderer in self._tree.items_at("spec", "postRenderers"):
            if (fields := renderer.get("kustomize")) is not None:
                built = _render_after(built, fields, Directory(real, files))
        return built._replace(documents=tuple(map(self._finish_object, built.documents)))

    def _finish_object(self, placed: PlacedDocument) -> PlacedDocument:
        """An object with the metadata that all get, and the way that it came."""
        one = BuildResource(thaw(placed))
        add_common_metadata(one, self._tree)
        return freeze(one.tree, (self._layer, *self._path.place.through), placed.document.source or one.source)


def _render_after(built: Built, fields: OriginNode, directory: Directory) -> Built:
    """What a post-renderer makes of the objects: patches and images, as kustomize has them."""
    target = Target(directory.files, restricted=False)

    def open_root() -> DecodedKustomization:
        made = fields.like({**fields.entries, "buildMetadata": fields.like([])})
        return DecodedKustomization(directory, decode_root(made), "")

    rendered = build_root(target, fields.place, open_root, over=built.documents)
    return built._replace(
        documents=rendered.documents,
        refusals=(*built.refusals, *rendered.refusals),
        unbuilt=(*built.unbuilt, *rendered.unbuilt),
        lacks_change=built.lacks_change or rendered.lacks_change,
    )


class _Request:
    """What a HelmRelease asks of a chart, whose values are gathered on the way."""

    def __init__(self, tree: OriginNode, directory: Directory, path: str, lookup: ObjectLookup) -> None:
        self._tree = tree
        self._directory = directory
        self._path = path
        self._lookup = lookup
        self._namespace = tree.text_at("metadata", "namespace")
        self._unknown: list[Unbuilt] = []
        self._read: list[str] = []

    def chart(self) -> ChartRequest:
        """The request; a RefusalError for values that are no map, an OSError for a file that is not read."""
        tree = self._tree
        target = tree.text_at("spec", "targetNamespace")
        given = PlacedMap()
        for reference in tree.items_at("spec", "valuesFrom"):
            self._take_in(reference, given)
        merge_given(given, values_of_mapping(tree.get("spec", "values")))
        own = self._own_values()
        at = ValueSet(
            f"HelmRelease {self._namespace}/{tree.text_at('metadata', 'name')}",
            ValueSetOrigin.STATED,
            (given,),
            (),
            tree.text_at("spec", "releaseName") or _shorten_name(self._prefix_name(target)),
            target or self._namespace or NAMESPACE,
            tree.place,
            own_values=own,
            read=tuple(self._read),
            unknown=tuple(self._unknown),
        )
        return ChartRequest(
            self._directory.path,
            at,
            with_tests=False,
            with_crds=tree.text_at("spec", "install", "crds") != "Skip",
        )

    def _prefix_name(self, target: str) -> str:
        name = self._tree.text_at("metadata", "name")
        return f"{target}-{name}" if target else name

    def _own_values(self) -> PlacedMap | None:
        """The values that stand in for the chart's own, None where these hold."""
        chart = ("spec", "chart", "spec")
        named = self._tree.items_at(*chart, "valuesFiles")
        ignores = self._tree.text_at(*chart, "ignoreMissingValuesFiles") == "true"
        return _lay_over(self._files_of(named, ignores_missing=ignores)) if named else None

    def _files_of(self, named: Iterable[OriginNode], *, ignores_missing: bool) -> Iterator[PlacedMap]:
        """The values of files that are named from the root of the repository."""
        files = self._directory.files
        path = posixpath.normpath(self._path.strip("/") or ".")
        root = self._directory.path if path == "." else self._directory.path.removesuffix(f"/{path}")
        for node in named:
            real = files.follow(posixpath.normpath(posixpath.join(root, node.text.lstrip("/"))))
            if files.is_file(real):
                self._read.append(real)
                yield values_of_file(real, files)
            elif not ignores_missing:
                reason = f"values files merge error: no values file found at path '{node.text}'"
                raise RefusalError(reason, node.place, RefusalCause.NO_FILE)

    def _take_in(self, reference: OriginNode, given: PlacedMap) -> None:
        """Lays the values of a ConfigMap over others, or sets the one of `targetPath`; what is not known here is noted."""
        kind, name = reference.text_at("kind"), reference.text_at("name")
        key = reference.text_at("valuesKey") or _OWN_KEY
        tree = self._lookup(kind, self._namespace, name)
        node = tree.get("data", key) if tree is not None and kind == "ConfigMap" else None
        path = reference.get("targetPath")
        if node is None or node.text.startswith(ENCRYPTED) or (isinstance(node.value, Unknown) and path is None):
            self._unknown.append(Unbuilt(reference.place, f"the values {key} of {kind} {self._namespace}/{name}"))
        elif path is not None and path.text:
            text = node.text.strip("'\"")
            allowance = self._directory.files.allowance
            SetPairs(f"{path.text}={text}", node.place, allowance, is_text=text != node.text).set_in(given)
        else:
            self._lay_over(node, reference, given)

    def _lay_over(self, node: OriginNode, reference: OriginNode, given: PlacedMap) -> None:
        """Lays the values that a text holds over others."""
        try:
            merge_given(given, values_of_text(node, self._directory))
        except UnbuiltError as error:
            self._unknown.append(error.at(reference.place))


def _lay_over(several: Iterable[PlacedMap]) -> PlacedMap:
    """Values laid over each other, the later ones win."""
    made = PlacedMap()
    for one in several:
        merge_given(made, one)
    return made


def _shorten_name(name: str) -> str:
    """A name of a release that Helm takes."""
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - _HASHED - 1]}-{hashlib.sha256(name.encode()).hexdigest()[:_HASHED]}"
