"""How the PATHs are divided into units, and why: what found each one, what was joined, what leaves it open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from kubeqed.app.finding_filter import make_location_test
from kubeqed.app.load import Loaded
from kubeqed.app.question import notices_of_unread
from kubeqed.build.gitops.cluster import Part
from kubeqed.config import Settings
from kubeqed.diagnostic import Span, list_text
from kubeqed.model.file_names import is_kustomization
from kubeqed.model.units.read import Manifest
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.report.unit_names import root_text, unit_text
from kubeqed.report.units.listing import ListedFile, UnitEntry, UnitListing

_MOST_ROOTS = 5


def list_units(loaded: Loaded, about: Sequence[str] = ()) -> UnitListing:
    """The units of an input; `about` are files or directories, and only their units are told then, with these files."""
    whole = loaded.input
    asked = make_location_test(about)
    stated = _place_stated(loaded.settings, whole.units)
    units = [unit for unit in whole.units if unit.objects or unit.stated]
    entries = [_describe_unit(unit, stated.get(unit.places), asked, whole.paths.real) for unit in units]
    inside = {file for unit in units for file in unit.files}
    rest = [ListedFile(one.file, _left_out(one)) for one in whole.manifests if one.file not in inside]
    return UnitListing(
        tuple(entry for entry in entries if entry.files or not about),
        tuple(file for file in rest if asked(file.name)),
        narrowed=bool(about),
        notices=notices_of_unread(loaded),
    )


def _place_stated(settings: Settings, units: Sequence[Unit]) -> Mapping[tuple[str, ...], Span]:
    """Where the configuration states the units that are its own, by their real places."""
    places = dict(zip((unit.paths for unit in settings.units), settings.unit_places, strict=True))
    return {unit.places: places[unit.places][0].span for unit in units if unit.places in places}


def _describe_unit(
    unit: Unit, place: Span | None, asked: Callable[[str], bool], real: Callable[[str], str]
) -> UnitEntry:
    files = tuple(ListedFile(file, _explain_file(file, unit, real)) for file in unit.files if asked(file))
    return UnitEntry(unit, _explain_unit(unit, place), place if unit.found is UnitOrigin.CONFIGURED else None, files)


def _explain_unit(unit: Unit, place: Span | None) -> str:
    """What found a unit."""
    if unit.found is UnitOrigin.CONFIGURED:
        where = f" ({place.file}:{place.line})" if place else ""
        return f"units: of the configuration states it{where}"
    if unit.found is UnitOrigin.CLOSED:
        return "--world closed says that the PATHs together are one cluster; what defines an object in two ways is a cluster each"
    if unit.found is UnitOrigin.CLUSTER:
        return f"GitOps objects state it: {list_text(list(_list_statements(unit)), _MOST_ROOTS)}"
    if unit.found is UnitOrigin.KUSTOMIZATION:
        return "a kustomization that no other one names: what it builds"
    if unit.found is UnitOrigin.VALUED_CHART:
        return "a chart: what it renders at the values that charts: of the configuration states"
    if unit.found is UnitOrigin.CHART:
        return "a chart: what it renders at its default values"
    if unit.apart is None:
        return "guessed: the files of the PATHs define no object in two ways"
    one, other = unit.apart
    places = " and ".join(f"{span.file}:{span.line}" for span in (item.at("kind").span for item in (one, other)))
    return f"guessed: {other.kind} {_strip_kind(str(other))} stands in {places}, so these are units of their own"


def _list_statements(unit: Unit) -> Iterator[str]:
    """What is applied by which object, and where that says so."""
    for part in unit.parts:
        if part.title and part.real:
            yield _describe_statement(part)


def _describe_statement(part: Part) -> str:
    span = part.place.span
    return f"{part.title} ({span.file}:{span.line})"


def _strip_kind(text: str) -> str:
    return text.partition(" ")[2] or text


def _explain_file(file: str, unit: Unit, real: Callable[[str], str]) -> str:
    """Why a file is in a unit."""
    join = next((join for join in unit.joins if file in join.files), None)
    if join is not None:
        return f"it lies in {root_text(unit, join.root)}, which was joined by guess"
    part = next((part for part in unit.parts if part.title and real(file) in part.built.used), None)
    if part is not None:
        return f"{_describe_statement(part)} applies it"
    if unit.found is UnitOrigin.KUSTOMIZATION:
        return f"the kustomization in {unit_text(unit)} reaches it"
    if unit.found is UnitOrigin.CLOSED:
        return "the PATHs are one cluster"
    if unit.found in (UnitOrigin.CHART, UnitOrigin.VALUED_CHART):
        return f"the chart in {unit_text(unit)} renders it"
    return "it is named" if file in unit.roots else f"it lies in {list_text(list(_list_roots(unit)), _MOST_ROOTS)}"


def _list_roots(unit: Unit) -> Iterator[str]:
    joined = {join.root for join in unit.joins}
    return (root_text(unit, root) for root in unit.roots if root not in joined)


def _left_out(manifest: Manifest) -> str:
    """Why a file is in no unit."""
    if is_kustomization(manifest.file):
        return "a kustomization says what is built and is no object"
    if manifest.objects:
        return "a kustomization changes other objects with it"
    if manifest.fragments:
        return "it holds a part of an object, such as a patch, and no whole one"
    return "no Kubernetes object is in it"
