"""A closed world: the PATHs together are one cluster, so what may share a cluster is put together.

Units that define an object in two ways are alternatives, such as `dev/` and `prod/`: each is a cluster of its own, with
all that goes with it. Which of other alternatives goes with it is told by the names of directories that they share; where
these do not tell, the cluster is put together by guess, and it stays open.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from kubeqed.model.kinds.object import Object
from kubeqed.model.units.repeats import have_clash
from kubeqed.model.units.unit import DefinedAs, Unit, UnitOrigin, Variants

MOST_CLUSTERS = 50  # beyond that, alternatives stay as they are: open, and by themselves

_Parts = Sequence[Unit]
_Clash = tuple[int, int, Object, Object]  # two parts, and what they define in two ways


def divide_closed_world(parts: _Parts, order: dict[str, int], name: tuple[str, ...]) -> list[Unit]:
    """The clusters that units form; `order` is that of the files, `name` what the only cluster is called."""
    clashing = list(_find_clashes(parts))
    seeds = sorted({part for one, other, *_ in clashing for part in (one, other)})
    if not seeds:
        return [_merge_units(parts, parts, order, name, closed=True)] if parts else []
    rest = [number for number in range(len(parts)) if number not in set(seeds)]
    variants = _group_variants(parts, seeds, clashing)
    found: dict[frozenset[int], Unit] = {}
    for seed in seeds[:MOST_CLUSTERS]:
        members, sure = _find_companions(parts, seed, rest, seeds)
        several = [parts[number] for number in sorted(members)]
        unit = _merge_units(several, [parts[seed]], order, parts[seed].roots, closed=sure, variants=variants[seed])
        found.setdefault(frozenset(members), unit)
    return [*found.values(), *(parts[seed] for seed in seeds[MOST_CLUSTERS:])]


def _find_clashes(parts: _Parts) -> Iterator[_Clash]:
    """What is defined in two ways, each time with the first part that defines it."""
    first: dict[DefinedAs, list[tuple[int, Object]]] = defaultdict(list)
    for number, part in enumerate(parts):
        for key, item in part.definitions.items():
            known = first[key]
            clash = next(((other, there) for other, there in known if have_clash(key, there, item)), None)
            if clash is not None:
                yield clash[0], number, clash[1], item
            if not known or (clash is not None and clash[1] is not item):
                known.append((number, item))


def _find_companions(parts: _Parts, seed: int, rest: Sequence[int], seeds: Sequence[int]) -> tuple[set[int], bool]:
    """The parts that go with one of several alternatives, and whether that is more than a guess."""
    members, sure = {seed, *rest}, True
    defined: dict[DefinedAs, tuple[int, Object]] = {}
    for number in (seed, *rest):
        defined |= {key: (number, item) for key, item in parts[number].definitions.items()}
    likeness = {other: _rate_likeness(parts[seed], parts[other]) for other in seeds if other != seed}
    for other in sorted(likeness, key=lambda number: (-likeness[number], number)):
        mine = parts[other].definitions
        against = {
            defined[key][0] for key, item in mine.items() if key in defined and have_clash(key, defined[key][1], item)
        }
        if not against:
            members.add(other)
            defined |= {key: (other, item) for key, item in mine.items() if key not in defined}
        elif seed not in against:
            sure = sure and all(likeness.get(rival, 0) > likeness[other] for rival in against)
    return members, sure


def _rate_likeness(one: Unit, other: Unit) -> int:
    """How many names of directories two units share, wherever these stand."""
    return len(_list_steps(one) & _list_steps(other))


def _list_steps(unit: Unit) -> set[str]:
    return {step for place in unit.places for step in place.split("/") if step}


def _group_variants(parts: _Parts, seeds: Sequence[int], clashing: Sequence[_Clash]) -> dict[int, tuple[Variants, ...]]:
    """What looks like variants, once for all parts that hang together, at the part that holds the second definition."""
    groups = {seed: {seed} for seed in seeds}
    told = [clash for clash in clashing if clash[2] is not clash[3]]
    for one, other, *_ in told:
        union = groups[one] | groups[other]
        groups |= dict.fromkeys(union, union)
    found: dict[int, tuple[Variants, ...]] = defaultdict(tuple)
    said: set[int] = set()
    for one, other, first, item in told:
        if one in said or other in said:
            continue
        group = groups[one]
        said |= group
        roots = tuple(root for number in sorted(group) for root in parts[number].roots)
        count = len({(item.group, item.kind, str(item)) for part, _, item, _ in told if part in group})
        found[other] = (Variants(roots, item, first, count),)
    return found


def _merge_units(
    parts: _Parts,
    called: _Parts,
    order: dict[str, int],
    roots: tuple[str, ...],
    *,
    closed: bool,
    variants: tuple[Variants, ...] = (),
) -> Unit:
    """One unit of several; `called` are those whose places are its own."""
    files = sorted({file for part in parts for file in part.files}, key=lambda file: order[file])
    objects: dict[str, list[Object]] = defaultdict(list)
    for item in dict.fromkeys(chain.from_iterable(part.objects for part in parts)):
        objects[item.file].append(item)
    return Unit(
        roots,
        UnitOrigin.CLOSED,
        places=tuple(dict.fromkeys(posixpath.normpath(place) for part in called for place in part.places)),
        closed=closed,
        files=tuple(files),
        objects=tuple(item for file in files for item in objects[file]),
        producers=tuple(dict.fromkeys(chain.from_iterable(part.producers for part in parts))),
        transformed=frozenset[str]().union(*(part.transformed for part in parts)),
        kustomized=frozenset[str]().union(*(part.kustomized for part in parts)),
        changes=tuple(chain.from_iterable(part.changes for part in parts)),
        variants=variants,
        builds=tuple(chain.from_iterable(part.builds for part in parts)),
    )
