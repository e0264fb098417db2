"""What a kustomization reaches by its local resources, so that these form a unit. Nothing is rendered.

https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Files
from typing import NamedTuple

from kubeqed.model.confidential.values import redact_credentials
from kubeqed.model.file_names import is_kustomization
from kubeqed.model.units.producer import Producer
from kubeqed.model.units.read import Manifest
from kubeqed.model.values.fields import may_be_set, read_field, read_strings
from kubeqed.parse import Mapping, PlacedDocument, Sequence

_RESOURCES = ("resources", "bases", "components")
_PATCHES = ("patchesStrategicMerge", "patches", "patchesJson6902")
_CHANGERS = ("replacements", "transformers", "configurations")
_TRANSFORMS = (*_PATCHES, *_CHANGERS, "components", "commonLabels", "labels", "images", "replicas")
_GENERATORS = ("generators", "helmCharts", "helmChartInflationGenerator")


class KustomizationReach(NamedTuple):
    """The manifests that a kustomization reaches, and what it reaches outside the input.

    `transformed` says that it changes some of them, so that what they lack may be added.
    """

    files: tuple[str, ...] = ()
    producers: tuple[Producer, ...] = ()
    transformed: bool = False


class Kustomization(NamedTuple):
    """A kustomization file, by its real path; `follow` gives the real path of one that it names."""

    file: str
    placed: PlacedDocument
    root: Mapping
    follow: Callable[[str], str]

    @property
    def directory(self) -> str:
        """Where its relative paths start."""
        return directory_of(self.file)

    def entries(self) -> Iterator[tuple[str, str]]:
        """(path in the manifest, text) of each resource, base and component."""
        for key in _RESOURCES:
            yield from _list_texts(self.root, key)

    def local(self, text: str) -> str:
        """The real path of an entry."""
        return self.follow(posixpath.normpath(posixpath.join(self.directory, text)))

    def patches(self) -> Iterator[str]:
        """The real paths of patches: files that change others and are no objects by themselves."""
        yield from self._list_files(_PATCHES)

    def changing(self) -> Iterator[str]:
        """The real paths of all files that say what is changed, and how."""
        yield from self._list_files((*_PATCHES, *_CHANGERS))

    def _list_files(self, keys: Iterable[str]) -> Iterator[str]:
        for key in keys:
            value = read_field(self.root, key)
            for item in value if isinstance(value, Sequence) else ():
                text = read_field(item, "path") if isinstance(item, Mapping) else item
                if isinstance(text, str) and "\n" not in text:
                    yield self.local(text)

    @property
    def transforms(self) -> bool:
        """Whether it changes what it reaches."""
        return self.root.open or any(key in self.root for key in _TRANSFORMS)

    def generators(self) -> Iterator[Producer]:
        """Generators and charts, whose output is not in the input."""
        for key in _GENERATORS:
            if may_be_set(self.root, key):
                yield Producer(f"{key} of {self.placed.file}", self.placed.at(key))


def directory_of(path: str) -> str:
    """The directory of a real path."""
    return posixpath.dirname(path) or posixpath.curdir


def read_kustomizations(manifests: Files[str, Manifest], follow: Callable[[str], str]) -> dict[str, Kustomization]:
    """The kustomization files by directory; `manifests` is keyed by real path.

    An object of Flux may stand in a file of that name: kustomize refuses it as a kustomization, but it may be taken in as a file.
    """
    found = {}
    for path, manifest in manifests.items():
        if not is_kustomization(path) or not manifest.documents:
            continue
        placed = manifest.documents[0]
        if isinstance(placed.document.root, Mapping) and not _is_of_flux(placed.document.root):
            found[directory_of(path)] = Kustomization(path, placed, placed.document.root, follow)
    return found


def _is_of_flux(root: Mapping) -> bool:
    version = root.get("apiVersion")
    return isinstance(version, str) and version.startswith("kustomize.toolkit.fluxcd.io/")


def collect_reached(
    start: Kustomization, by_directory: Files[str, Kustomization], manifests: Files[str, Manifest]
) -> tuple[KustomizationReach, frozenset[str]]:
    """What `start` reaches, and the directories of the kustomizations on the way."""
    files: dict[str, None] = {}
    producers: list[Producer] = []
    visited: dict[str, None] = {}
    transformed = False
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here.directory in visited:
            continue
        visited[here.directory] = None
        producers += here.generators()
        transformed = transformed or here.transforms
        for place, text in here.entries():
            target = here.local(text)
            if target in manifests:
                files[target] = None
            elif target in by_directory:
                waiting.append(by_directory[target])
            else:
                producers.append(
                    Producer(f"{redact_credentials(text)}, which is not among the files read", here.placed.at(place))
                )
    return KustomizationReach(tuple(sorted(files)), tuple(producers), transformed), frozenset(visited)


def _list_texts(root: Mapping, key: str) -> Iterator[tuple[str, str]]:
    """Where the items of a list stand, and as what they are written; one more for those that the input does not show."""
    found = read_strings(root, key)
    for index, item in enumerate(found):
        yield f"{key}[{index}]", str(item)
    if found.more is not None:
        yield key, str(found.more)
