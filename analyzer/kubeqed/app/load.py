"""From PATHs, configuration and standard input to one input: the first step of every command."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from kubeqed.apiserver.fragments import mark_fragments
from kubeqed.app.building import NO_TRIES, Builder, ChartTries, TreeOf, TreesOnDisk
from kubeqed.app.settings import CommandLineSettings, list_exclusions, load_settings
from kubeqed.app.stated import add_stated_units
from kubeqed.app.steps import Tell, count_steps, ignore_progress
from kubeqed.config import Settings
from kubeqed.diagnostic import FailuresNoted, Notice
from kubeqed.model.cluster import StatedChart
from kubeqed.model.file_names import is_kustomization
from kubeqed.model.units.division import divide
from kubeqed.model.units.gitops.paths import find_stated
from kubeqed.model.units.input import Input, StatedUnit
from kubeqed.model.units.kustomize.kustomization import directory_of
from kubeqed.model.units.kustomize.reaching import find_concerned
from kubeqed.model.units.read import Manifest, read_objects
from kubeqed.parse import Parsed, collector_paused, parse
from kubeqed.rule.catalogue import Rule
from kubeqed.sources import (
    Collected,
    Paths,
    SourceFile,
    Unread,
    around_on_disk,
    collect,
    collect_beyond,
    is_below,
    is_stream,
    real_path,
)
from kubeqed.sources.chart import CHART_FILE

if TYPE_CHECKING:
    from kubeqed.build.helm.analysis.switches import ValueSearch

LARGE = 1 << 20  # bytes of manifests

Reading = Callable[[SourceFile], tuple[Parsed, Manifest]]


class Loaded(NamedTuple):
    """What the PATHs hold, read and divided into units, and what the configuration states."""

    input: Input
    settings: Settings
    collected: Collected
    parsed: tuple[Parsed, ...]


def load_file(file: SourceFile) -> tuple[Parsed, Manifest]:
    """A file as it is read for the first time; one that can hold neither objects nor a kustomization is passed over."""
    parsed = parse(file, objects_only=not is_kustomization(file.path))
    return parsed, read_manifest(parsed)


def read_manifest(parsed: Parsed) -> Manifest:
    """The manifest of a parsed file, with those of its objects that seem no whole ones."""
    return mark_fragments(read_objects(parsed))


def _named_charts(settings: Settings, collected: Collected) -> list[StatedChart]:
    """The charts of the configuration that the PATHs hold, or that hold one of them."""
    paths = collected.paths
    places = [paths.real(root.path) for root in paths.roots if not is_stream(root.path)]
    held = {paths.real(chart) for chart in collected.charts}
    return [
        one
        for one in settings.charts
        if one.directory in held
        or any(is_below(one.directory, place) or is_below(place, one.directory) for place in places)
    ]


@collector_paused()
def _read_all(
    files: Iterable[SourceFile], named: Collection[str], reading: Reading, failures: list[Notice]
) -> list[tuple[Parsed, Manifest]]:
    """The files as read, `named` are those that the user names; one on which that fails is left out and noted."""
    held = []
    for file in files:
        with FailuresNoted(failures, f"reading {file.path}"):
            one = reading(file)
            held.append(_in_full(file) if file.path in named and one[0].passed_over else one)
    return held


def _in_full(file: SourceFile) -> tuple[Parsed, Manifest]:
    """A file that the user names: a slip in the keys that every object has is to be found there."""
    parsed = parse(file)
    return parsed, read_manifest(parsed)


def load(
    paths: Sequence[str],
    statement: CommandLineSettings,
    *,
    closed: bool,
    known: Sequence[Rule] | None = None,
    stdin: BinaryIO | None = None,
    tell: Tell = ignore_progress,
    reading: Reading = load_file,
    for_good: bool = False,
    within: bool = False,
    search: ValueSearch | None = None,
) -> Loaded:
    """Reads what the PATHs name; what cannot be read becomes a notice.

    `known` are the rules that may run, None when none will; for them the switches of charts are tried. `reading` may remember files of an earlier run. `for_good`
    says that the input lives until the process ends, `within` that the PATHs are only what is read. `search` looks for values that break charts. Raises a
    ConfigurationError when the configuration is wrong or cannot be read.
    """
    settings = load_settings(paths, statement, known)
    tell("looking for manifests")
    excluded = list_exclusions(settings, statement)
    collected = collect(paths, stdin, excluded)
    beyond = find_unit_places(settings, collected.paths)
    whole = collect_beyond(collected, beyond, real_path(settings.directory), excluded) if beyond else collected
    with around_on_disk(whole, excluded) as around:
        whole = add_stated_units(around, settings, upwards=not closed) if around else whole
    named = frozenset(file.path for file in collected.files)
    with TreesOnDisk(whole) as trees:
        return divide_collected(
            whole,
            settings,
            named,
            trees,
            closed=closed,
            tell=tell,
            reading=reading,
            for_good=for_good,
            within=within,
            tries=ChartTries(known is not None, search),
        )


def find_unit_places(settings: Settings, paths: Paths) -> list[str]:
    """The real places of the units of the configuration that the PATHs name a part of, so that they are read whole."""
    return [place for unit in _named_units(settings, paths) for place in unit.paths]


def _named_units(settings: Settings, paths: Paths) -> list[StatedUnit]:
    directories = [paths.real(root.path) for root in paths.roots if root.is_directory]
    return [
        unit
        for unit in settings.units
        if any(
            is_below(directory, place) or is_below(place, directory)
            for place in unit.paths
            for directory in directories
        )
        or any(
            is_below(real, place) for place in unit.paths for path, real in paths.reached.items() if not is_stream(path)
        )
    ]


def divide_collected(
    collected: Collected,
    settings: Settings,
    reported: frozenset[str],
    tree_of: TreeOf,
    *,
    closed: bool,
    tell: Tell = ignore_progress,
    reading: Reading = load_file,
    for_good: bool = False,
    within: bool = False,
    tries: ChartTries = NO_TRIES,
) -> Loaded:
    """Parses and divides what was collected; `reported` are the files that the PATHs name, `tree_of` gives what is built from.

    `tries` says at which values charts are rendered, too.
    """
    lasts = for_good and sum(len(file.content) for file in collected.files) > LARGE
    if lasts:
        gc.disable()  # all that follows lives until the end, and would only be searched again and again
    named = {root.path for root in collected.paths.roots if not root.is_directory and not within}
    failures: list[Notice] = []
    held = _read_all(count_steps(collected.files, "reading file", tell), named, reading, failures)
    held = _drop_unconcerned(held, collected, settings, reported, tree_of, closed=closed)
    parsed, manifests = tuple(file for file, _ in held), [manifest for _, manifest in held]
    collected = collected._replace(unread=(*collected.unread, *_list_lost(collected, parsed)))
    whole = Input((), tuple(manifests), collected.paths)
    builder = _make_builder(tree_of, collected, parsed, failures, settings, tries)
    with FailuresNoted(failures, "dividing the files into units"), collector_paused():
        whole = divide(
            manifests,
            collected.paths,
            stated=_named_units(settings, collected.paths),
            closed=closed,
            charts=collected.charts,
            valued=_named_charts(settings, collected),
            unread=collected.unread,
            within=within,
            beyond={file.path for file in collected.files} - reported,
            build=builder,
        )
    collected = collected._replace(notices=(*collected.notices, *failures))
    texts = _texts_of_charts(whole, builder, collected)
    loaded = Loaded(whole, settings, collected, (*parsed, *texts))
    return _keep_alive(loaded) if lasts else loaded


def _make_builder(
    tree_of: TreeOf,
    collected: Collected,
    parsed: Iterable[Parsed],
    failures: list[Notice],
    settings: Settings,
    tries: ChartTries,
) -> Builder:
    """What builds kustomizations and charts for the cluster that is stated."""
    known = {collected.paths.real(one.file): one for one in parsed}
    stated = settings.cluster.kubernetes
    version = stated.value if stated else None
    return Builder(tree_of, collected, known, failures, kubernetes=version, tries=tries)


def _list_lost(collected: Collected, parsed: Iterable[Parsed]) -> Iterator[Unread]:
    """The files on which kubeqed failed."""
    lost = {file.path for file in collected.files} - {file.file for file in parsed}
    return (Unread(path, "kubeqed failed on it") for path in sorted(lost))


def _texts_of_charts(whole: Input, builder: Builder, collected: Collected) -> Iterable[Parsed]:
    """The templates and values of charts: no manifests, but findings stand in them, unless only other parts were named."""
    texts = builder.texts(sorted(frozenset[str]().union(*(unit.rendered_from for unit in whole.units))))
    whole.beyond = whole.beyond.union(_beyond_named(collected, texts))
    return texts.values()


def _beyond_named(collected: Collected, texts: Mapping[str, Parsed]) -> Iterator[str]:
    """The files of charts of which the PATHs name only other files; what is wrong in Chart.yaml is so for all of them."""
    real = collected.paths.real
    named = {real(root.path): root.is_directory for root in collected.paths.roots}
    folders = [place for place, is_directory in named.items() if is_directory]
    charts = [
        chart
        for chart in map(real, collected.charts)
        if os.path.join(chart, CHART_FILE) not in named and not any(is_below(chart, place) for place in folders)
    ]
    for place, text in texts.items():
        is_named = any(is_below(place, one) for one in named)
        if not is_named and os.path.basename(place) != CHART_FILE and any(is_below(place, chart) for chart in charts):
            yield text.file


def _drop_unconcerned(
    held: list[tuple[Parsed, Manifest]],
    collected: Collected,
    settings: Settings,
    reported: frozenset[str],
    tree_of: TreeOf,
    *,
    closed: bool,
) -> list[tuple[Parsed, Manifest]]:
    """Without the files that were read because a word of a kustomization looked like their path."""
    if len(reported) == len(collected.files):
        return held
    real = collected.paths.real
    places = find_unit_places(settings, collected.paths)
    manifests = {real(manifest.file): manifest for _, manifest in held}
    kept = {path for path, one in manifests.items() if one.file in reported}
    kept |= {real(chart) for chart in collected.charts}
    contents = {real(file.path): file.content for file in collected.files}
    roots = {tree_of(directory_of(path)).root for path in contents}
    built = {directory_of(path) for path in contents if is_kustomization(path)} | kept.difference(manifests)
    stated = find_stated(contents, sorted(roots), built, contents)
    kept |= find_concerned(manifests, kept, collected.paths.follow, upwards=not closed, stated=stated)
    return [
        one
        for one, path in zip(held, manifests, strict=True)
        if path in kept or any(is_below(path, place) for place in places)
    ]


def resume_collector() -> None:
    """Lets Python search for cyclic garbage again after a large input was loaded for good, but not in what there is by now."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _keep_alive(loaded: Loaded) -> Loaded:
    """The same input, which is never freed: at the end of a process that takes a tenth of the run and gains nothing."""
    ring: list[object] = [loaded]
    ring.append(ring)  # stays closed: the collector is off, and at exit nothing is left to it
    return loaded
