"""Charts as units: which of them stand by themselves, and whether their own values are those that they are installed with."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.model.cluster import StatedChart
from kubeqed.model.units.built import Builds, read_applied
from kubeqed.model.units.producer import Producer, UnseenParts
from kubeqed.model.units.read import Manifest
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.sources import is_below

if TYPE_CHECKING:
    from kubeqed.build.built import Built
    from kubeqed.build.helm.analysis.switches import Trial
    from kubeqed.build.helm.value_set import ValueSet
    from kubeqed.build.refusal import Refusal

# What installs charts, with values of its own.
_INSTALLS = frozenset(
    (
        ("helm.toolkit.fluxcd.io", "HelmRelease"),
        ("argoproj.io", "Application"),
        ("argoproj.io", "ApplicationSet"),
        ("helm.cattle.io", "HelmChart"),
    )
)
_HELMFILE = "helmfile"


class ChartTrial(NamedTuple):
    """A chart at other values, with one switch changed or at a file of `ci/`: it is judged, and it is no unit of the input.

    `asks` is what the chart itself refuses then.
    """

    unit: Unit
    at: ValueSet
    asks: tuple[Refusal, ...] = ()


def outermost(directories: Sequence[str]) -> list[str]:
    """The charts that lie in no other one: a sub-chart counts only through its parent."""
    every = sorted(set(directories))
    return [one for one in every if not any(one != other and is_below(one, other) for other in every)]


def may_be_given_values(files: Mapping[str, Manifest]) -> bool:
    """Whether something among the files installs charts, and so may give them other values than their own."""
    kinds = {(item.group, item.kind) for one in files.values() for item in one.objects}
    return not kinds.isdisjoint(_INSTALLS) or any(posixpath.basename(path).startswith(_HELMFILE) for path in files)


def make_valued_units(
    several: Iterable[StatedChart], build: Builds, unseen: UnseenParts, printed: Callable[[str], str]
) -> Iterator[Unit]:
    """The units of what charts render at the values that the configuration states; `printed` is how a real path prints."""
    for stated in several:
        built = build.stated_chart(stated)
        unseen.note_rendered([built])
        name = f"{printed(stated.directory)} ({stated.name})"
        unit = make_chart_unit(stated.directory, built, name, unseen.producers([stated.directory]), given=False)
        unit.found = UnitOrigin.VALUED_CHART
        yield unit


def make_chart_unit(directory: str, built: Built, printed: str, unseen: Sequence[Producer], *, given: bool) -> Unit:
    """The unit of what a chart renders; `unseen` was not read below it.

    `given` says that it may be given other values, so that a default value that the server refuses is a possible mistake.
    What does not render at the defaults is one in any case: many charts ask for a value so.
    """
    applied = read_applied(built, {})
    files = tuple(dict.fromkeys(placed.file for placed in built.documents))
    return Unit(
        (printed,),
        UnitOrigin.CHART,
        places=(directory,),
        closed=False,
        files=files,
        objects=applied.objects,
        producers=(*applied.producers, *unseen),
        transformed=frozenset(files if given else ()),
        builds=(built,),
    )


def make_trial(directory: str, trial: Trial, printed: str, unseen: Sequence[Producer], *, given: bool) -> ChartTrial:
    """The trial of other values, with what the chart applies then; `given` says that it may be given others still."""
    unit = make_chart_unit(directory, trial.built, f"{printed} with {trial.at.name}", unseen, given=given)
    return ChartTrial(unit, trial.at, trial.asks)
