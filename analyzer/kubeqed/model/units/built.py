"""What a kustomization applies, as objects of a unit, and what leaves that open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kubeqed.model.confidential.built import withhold_copies
from kubeqed.model.confidential.values import redact_credentials
from kubeqed.model.file_names import is_kustomization
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.producer import Producer, find_open_documents, is_producer
from kubeqed.model.units.read import Manifest, objects_of

if TYPE_CHECKING:
    from kubeqed.build.built import Built
    from kubeqed.build.gitops.roots import RootSearch
    from kubeqed.build.helm.analysis.switches import SwitchedChart
    from kubeqed.build.helm.value_set import ValueSet
    from kubeqed.model.cluster import StatedChart

Files = Mapping[str, Manifest]
Follows = Callable[[Object], bool]


class Builds(Protocol):
    """Builds what was collected."""

    def __call__(self, directory: str) -> Built:
        """What the kustomization of a real directory applies."""

    def chart(self, directory: str, at: ValueSet | None = None) -> Built:
        """What the chart of a real directory applies at some values, those of its own by default."""

    def stated_chart(self, stated: StatedChart) -> Built:
        """What a chart applies at the values that the configuration states."""

    def stating_charts(self, directories: Iterable[str]) -> dict[str, Built]:
        """What those charts apply at their default values that print GitOps objects, by their own files."""

    def chart_with_switches(self, directory: str) -> SwitchedChart:
        """What the chart of a real directory applies, and with each of its switches changed alone, if they are tried."""

    def search_roots(self, written: Iterable[str], kustomizations: Mapping[str, Built]) -> list[RootSearch]:
        """The search for clusters of each repository, from real files that hold GitOps objects and builds that do."""


def _follow_none(_: Object) -> bool:
    return False


class Applied(NamedTuple):
    """The objects of a build in order of file and line, the manifests that it read, and what may create more."""

    objects: tuple[Object, ...]
    manifests: tuple[Manifest, ...]
    producers: tuple[Producer, ...]


def read_applied(built: Built, files: Files, follows: Follows = _follow_none) -> Applied:
    """The objects of a build; `files` are all that was read, by real path.

    `follows` says of an object that what it creates is built too.
    """
    placed = sorted(built.documents, key=lambda one: (one.file, one.first_line))
    objects = tuple(item for document in placed for item in objects_of(withhold_copies(document)))
    used = [files[path] for path in sorted(built.used) if path in files]
    made_in = {item.file for item in objects}
    manifests = tuple(one for one in used if one.file in made_in or not is_kustomization(one.file))
    return Applied(
        objects,
        manifests,
        tuple(dict.fromkeys(_find_producers(built, used, [item for item in objects if not follows(item)]))),
    )


def list_given_up(builds: Iterable[Built]) -> Iterator[Producer]:
    """What was not built, of builds that give nothing: what they read is judged as it is written."""
    for part in (part for one in builds if not one.documents for part in one.unbuilt):
        yield Producer(redact_credentials(part.reason), part.place)


def _find_producers(built: Built, used: Sequence[Manifest], objects: Sequence[Object]) -> Iterator[Producer]:
    """What was not built, what could not be read, and custom resources as they are applied."""
    for part in built.unbuilt:
        yield Producer(redact_credentials(part.reason), part.place)
    for refusal in built.refusals:
        yield Producer(f"a part of {refusal.place.file} that could not be built", refusal.place)
    for manifest in used:  # what a document leaves open may be filled in by the build
        yield from find_open_documents(manifest.file, manifest.documents, with_placeholders=False)
    for placed in built.documents:
        yield from find_open_documents(placed.file, (placed,))
    for item in objects:
        if is_producer(item):
            yield Producer(str(item), item.at("kind"))
