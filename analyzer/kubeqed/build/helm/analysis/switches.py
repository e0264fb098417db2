"""Other values than the defaults: each value that turns an object on or off, such as `ingress.enabled`, and each file of `ci/`.

Default values switch off the very objects that go wrong. What is tried is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from kubeqed.build.built import Built
from kubeqed.build.directory import Files
from kubeqed.build.gotemplate.values import PlacedMap
from kubeqed.build.helm.analysis.changed_values import list_changes
from kubeqed.build.helm.analysis.guards import NETWORK_KINDS, Entry, GuardSearch
from kubeqed.build.helm.analysis.value_remarks import list_remarks
from kubeqed.build.helm.build import ChartBuild, ChartRequest
from kubeqed.build.helm.chart import PackedSource, ParsedTemplate
from kubeqed.build.helm.loading import ReadChart
from kubeqed.build.helm.manifests import ReadTexts
from kubeqed.build.helm.rendering import EarlierRendering, PrintedTemplate, Rendering
from kubeqed.build.helm.value_set import SetText, ValueSet, ValueSetOrigin
from kubeqed.build.refusal import Refusal
from kubeqed.parse import Place

_MOST_TRIED = 24  # of the switches of one chart
_MOST_FILES = 8  # of its `ci/`
NOWHERE = Place.at_start("")
_SPECIAL = re.compile(r"[\\.,=\[\]]")
_SWITCH_NAMES = re.compile(r"enabled?|create|install", re.IGNORECASE)


ValueSearch = Callable[[Rendering, ValueSet], Iterable[ValueSet]]  # of values that seem to break a chart, once rendered


class Switch(NamedTuple):
    """A value that turns objects on or off: how `--set` names it, what it becomes, and where its default stands."""

    path: str
    value: bool
    place: Place

    @property
    def key(self) -> str:
        """The last key of the path."""
        return re.split(r"(?<!\\)\.", self.path)[-1].replace("\\", "")

    @property
    def text(self) -> str:
        """As `--set` has it."""
        return f"{self.path}={str(self.value).lower()}"


class Trial(NamedTuple):
    """What a chart applies at other values; `asks` is what it refuses itself then, and does not refuse at its defaults."""

    at: ValueSet
    built: Built
    asks: tuple[Refusal, ...]


class SwitchedChart(NamedTuple):
    """What a chart applies, what it applies at other values that change it, and how many of these were not tried."""

    built: Built
    trials: tuple[Trial, ...] = ()
    left: int = 0


def build_with_switches(
    request: ChartRequest, files: Files, place: Place, *, tries: bool = True, search: ValueSearch | None = None
) -> SwitchedChart:
    """Renders a chart, at the values of its `ci/` too, with each of its switches changed alone, and at what a search finds.

    `place` is where it stands if its files cannot tell. No switch is tried on a chart that Helm refuses as it is, and
    nothing if it is not to be tried.
    """
    source, known = ReadChart(request.directory, files), ReadTexts()
    build = ChartBuild(request, source, known)
    built = build.build(place)
    if not tries or build.rendering is None:
        return SwitchedChart(built)
    built = built._replace(remarks=list_remarks(source, build.rendering.values))
    switches = [] if built.refusals else find_switches(build.rendering, source.parsed)
    tested = source.tested_values()
    default = _Default(source, build.printed, built)
    rendering = build.rendering
    trials: list[Trial | None] = []
    for name, values in tested[:_MOST_FILES]:
        if files.allowance.is_spent:
            break
        before = rendering.keep_unless(list_changes(values, rendering.values))
        texts = _keep_texts(known, rendering, before)
        trials.append(_try_values(request._replace(at=_at_file(request.at, name, values)), default, texts, before))
    for switch in switches[:_MOST_TRIED]:
        if files.allowance.is_spent:
            break
        before = rendering.keep_unless([(switch.key, switch.place)])
        trials.append(_try_values(request._replace(at=_at_switch(request.at, switch)), default, known, before))
    left = len(switches) + len(tested) - len(trials)
    tried = {one.text for one in switches[:_MOST_TRIED]}
    may_search = search is not None and not built.refusals and not files.allowance.is_spent
    found = search(rendering, request.at) if search is not None and may_search else ()
    trials += (
        _try_values(request._replace(at=at), default, {})
        for at in found
        if at.name not in tried and not files.allowance.is_spent
    )
    return SwitchedChart(built, tuple(one for one in trials if one is not None), left)


def _keep_texts(known: ReadTexts, rendering: Rendering, before: EarlierRendering | None) -> ReadTexts:
    """What was read of texts whose places are the same at other values: those that are kept, and CRDs."""
    kept = {(one.name, str(one.text)) for one in before.printed.values()} if before is not None else set()
    return {key: one for key, one in known.items() if key in kept or key[0] not in rendering.files}


class _Default(NamedTuple):
    """A chart at its default values: what its templates printed, and what it applies."""

    source: ReadChart
    printed: list[PrintedTemplate]
    built: Built


def _at_file(at: ValueSet, name: str, values: PlacedMap) -> ValueSet:
    """Values with those of a file over them."""
    place = next(iter(values.places.values()), None)
    return at._replace(name=name, origin=ValueSetOrigin.CI, values=(*at.values, values), place=place)


def _at_switch(at: ValueSet, switch: Switch) -> ValueSet:
    """Values with one switch changed."""
    pairs = (*at.pairs, SetText(switch.text, switch.place))
    return at._replace(name=switch.text, origin=ValueSetOrigin.SWITCH, pairs=pairs, place=switch.place)


def _try_values(
    request: ChartRequest, default: _Default, known: ReadTexts, before: EarlierRendering | None = None
) -> Trial | None:
    """A chart at other values, None where they change nothing that is printed, or where the chart forbids a switch.

    `before` is what holds at these values, too, unless templates change them then.
    """
    build = ChartBuild(request, default.source, known, before)
    built = build.build(request.at.place or NOWHERE)
    if before is not None and build.rendering is not None and build.rendering.changes_values:
        return _try_values(request, default, known)
    if build.rendering is None or len(built.refusals) > len(build.rendering.refusals):
        return None  # a schema, or what Helm says before it renders
    asks = tuple(one for one in built.asked if one not in default.built.asked)
    is_same = [one[:2] for one in build.printed] == [one[:2] for one in default.printed]
    return None if is_same and not built.refusals and not asks else Trial(request.at, built, asks)


def find_switches(rendering: Rendering, parsed: dict[str, ParsedTemplate]) -> list[Switch]:
    """The booleans of a chart's values that its templates ask before they print what matters to the network.

    Those that are off come first. Of those that are on, only what turns off a Service can leave something behind.
    """
    paths = _Paths(rendering.values)
    off = [
        one for entry in _list_asked(rendering, parsed, NETWORK_KINDS) if (one := paths.switch_at(*entry)) and one.value
    ]
    on = [
        one for entry in _list_asked(rendering, parsed, "Service") if (one := paths.switch_at(*entry)) and not one.value
    ]
    return list(dict.fromkeys((*off, *on)))


def _list_asked(rendering: Rendering, parsed: dict[str, ParsedTemplate], kinds: str) -> list[Entry]:
    """The entries that the templates ask before they print objects of some kinds; those in archives are not changed."""
    search = GuardSearch(rendering.templates, kinds)
    for name, one in sorted(rendering.files.items()):
        if name in parsed and not isinstance(parsed[name].source, PackedSource):
            search.search(name, one.scope)
    return search.entries()


class _Paths:
    """Where each map of the values stands in them, by identity and by the places of its entries."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._by_map: dict[int, str] = {}
        self._by_place: dict[Place, str] = {}
        for path, one in _list_maps(values, ""):
            self._by_map[id(one)] = path
            for key, place in one.places.items() if isinstance(one, PlacedMap) else ():
                self._by_place.setdefault(place, _join_path(path, key))

    def switch_at(self, values: dict[str, Any], key: str) -> Switch | None:
        """The switch at an entry of a map, None where there is none."""
        value = values.get(key)
        place = values.places.get(key) if isinstance(values, PlacedMap) else None
        is_switch = isinstance(value, bool) or (value is None and key in values and _SWITCH_NAMES.search(key))
        if place is None or not is_switch:
            return None
        known = self._by_map.get(id(values))
        path = self._by_place.get(place) if known is None else _join_path(known, key)
        return None if path is None else Switch(path, not value, place)


def _list_maps(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The maps inside of a value, with their paths."""
    if isinstance(value, dict):
        yield path, value
        for key, one in value.items():
            yield from _list_maps(one, _join_path(path, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _list_maps(one, f"{path}[{number}]")


def _join_path(path: str, key: str) -> str:
    """The path of an entry as `--set` names it."""
    escaped = _SPECIAL.sub(lambda sign: f"\\{sign[0]}", key)
    return f"{path}.{escaped}" if path else escaped
