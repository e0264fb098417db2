"""What enforces policies in a cluster, as facts: stated in the configuration, installed by manifests, or unknown.

An engine is a CNI or an add-on. Its profiles are what it may be; whether it enforces policies, and supports what they
use, is said by the package data, and where that leaves something open, an unknown says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from kubeqed.model.cluster import NONE
from kubeqed.model.cni.capabilities import (
    Cni,
    Degree,
    Role,
    Support,
    Version,
    cni_names,
    load_profile,
    parse_version,
    resolve_profile,
)
from kubeqed.model.units.unseen import UnseenObject
from kubeqed.parse import Place, Unknown, Variable
from kubeqed.prove.engine.facts import elsewhere_unknown
from kubeqed.prove.engine.formula import And, Equal, Fact, Formula, Holds, Or, implies
from kubeqed.prove.engine.kleene import evaluate_kleene
from kubeqed.resolve import Resolver
from kubeqed.resolve.cni.detected import Detected, detect_cnis

UNNAMED = Unknown(Variable("the CNI of the cluster"), "which CNI the cluster has")


class Undocumented(UnseenObject):
    """Whether there is something, named by a noun, of which no source tells: nothing may be made of it."""

    __slots__ = ()

    def __init__(self, what: str) -> None:
        Unknown.__init__(self, Variable(f"untold {what}"), what)


class UnlikelySupport(Undocumented):
    """As Untold, where the rule book says that it is improbable: an unknown version, partial support."""

    __slots__ = ()


class Verb(NamedTuple):
    """How a sentence about support is said."""

    one: str
    many: str
    noun: str


SUPPORTS = Verb("supports", "support", "support of")
ENFORCES = Verb("enforces", "enforce", "enforcement of")


class Engine(NamedTuple):
    """One engine. `chosen` is the fact that says which profile it is; `detected` is None when only stated.

    `profiles` is empty where it is known that there is no CNI. `version` comes from the configuration or an image tag.
    """

    chosen: Fact
    profiles: tuple[str, ...]
    version: Version | None
    version_place: Place | None
    stated: bool
    detected: Detected | None

    @property
    def name(self) -> str:
        """How messages call it."""
        off = self.detected.off if self.detected else None
        return f"{' or '.join(self.profiles) or 'any CNI'}{f' ({off.what})' if off else ''}"

    @property
    def given(self) -> Formula:
        """That it is one of its profiles."""
        return Or(tuple(Equal(self.chosen, name) for name in self.profiles)) if self.profiles else And(())


@lru_cache(maxsize=4)  # asked once for each policy
def find_engines(graph: Resolver) -> tuple[Engine, ...]:
    """The engines of a unit: what the user states first, then what the manifests install; none when neither does."""
    stated = graph.cluster.cni
    name = None if stated is None else resolve_profile(stated.value)
    found = [
        _make_installed(graph, item, name)
        for item in detect_cnis(graph.unit)
        if not item.weak and item.role is not Role.META
    ]
    if stated is None or any(engine.stated for engine in found):
        return tuple(found)
    if name is None and stated.value != NONE:
        return tuple(found)
    return (_make_stated(graph, stated.value, name, stated.place), *found)


def named_engine(name: str) -> Engine:
    """The engine of a cluster whose CNI is the one named."""
    return Engine(Fact(name, f"the CNI is {name}", None), (name,), None, None, stated=True, detected=None)


def unnamed_engine() -> Engine:
    """The engine of a cluster whose CNI is not known."""
    return Engine(Fact(UNNAMED, "the CNI is not named", None), cni_names(), None, None, stated=False, detected=None)


def enforcement_formula(engine: Engine) -> Formula:
    """That an engine enforces policies."""
    if not engine.profiles:
        return Holds(Fact(False, engine.chosen.text, engine.chosen.place))
    return And(
        tuple(implies(Equal(engine.chosen, name), _enforcement_of_name(engine, name)) for name in engine.profiles)
    )


def enforcing_profiles(engine: Engine) -> tuple[str, ...]:
    """The profiles of an engine that enforce policies, or may."""
    return tuple(name for name in engine.profiles if evaluate_kleene(_enforcement_of_name(engine, name)) is not False)


def support_formula(engine: Engine, held: Mapping[str, Formula]) -> Formula:
    """What `held` says of the profile of an engine; of a profile that it does not speak of nothing is asked."""
    return And(tuple(implies(Equal(engine.chosen, name), formula) for name, formula in held.items()))


def other_engine(graph: Resolver, found: tuple[Engine, ...]) -> tuple[Formula, ...]:
    """What may enforce policies besides: an engine whose resources are used, one that no manifest shows."""
    weak = [item for item in detect_cnis(graph.unit) if item.weak and item.role is not Role.META]
    parts: list[Formula] = [
        Holds(Fact(Undocumented(f"{' or '.join(item.profiles)} in the cluster"), f"{item.item} is used", item.place))
        for item in weak
    ]
    if not any(engine.stated for engine in found):
        parts.append(Holds(elsewhere_unknown(graph.unit, "another policy engine")))
    return tuple(parts)


def find_support(
    engine: Engine,
    cni: Cni,
    support: Support,
    what: str,
    *,
    verb: Verb = SUPPORTS,
    unsure: type[Undocumented] = UnlikelySupport,
) -> tuple[Formula, str]:
    """That a profile supports something, at the version of the engine, and how it falls short, empty when it does not.

    `unsure` is what stands for support that depends on an unknown version.
    """
    called = f"{cni.id} {'.'.join(map(str, engine.version))}" if engine.version else cni.id
    value, words, tail = _describe_degree(support, support.at(engine.version), (called, what), verb, unsure)
    note = f": {support.note}" if support.note and value is not True else ""
    short = "" if value is True else f"{called} {words}{tail}{note}"
    return Holds(Fact(value, f"{called} {words} {what}{tail}{note}", engine.version_place)), short


def _describe_degree(
    support: Support, degree: Degree, names: tuple[str, str], verb: Verb, unsure: type[Undocumented]
) -> tuple[bool | Unknown, str, str]:
    """The value of support, and the words before and after what is supported; `names` are the CNI and that."""
    called, what = names
    if degree is Degree.FULL:
        return True, verb.one, ""
    if degree is Degree.NONE:
        value = UnlikelySupport(f"{verb.noun} {what} by {called} after all") if support.inferred else False
        return value, f"does not {verb.many}", ""
    if degree is Degree.PARTIAL:
        return UnlikelySupport(f"full {verb.noun} {what} by {called}"), verb.one, " only in part"
    if degree is Degree.BY_VERSION and support.since is not None:
        return unsure(f"{called} {support.since.text} or later"), verb.one, f" only from {support.since.text} on"
    return Undocumented(f"{verb.noun} {what} by {called}"), f"may not {verb.many}", ""


def _enforcement_of_name(engine: Engine, name: str) -> Formula:
    """That a CNI of this name enforces policies, and nothing switches that off."""
    cni = load_profile(name)
    support, _ = find_support(engine, cni, cni.enforces, "NetworkPolicies", verb=ENFORCES, unsure=Undocumented)
    off = engine.detected.off if engine.detected else None
    if off is None:
        return support
    kept: bool | Unknown = (
        Undocumented(f"policies switched on where {off.what}") if isinstance(off.on, Unknown) else not off.on
    )
    return And((support, Holds(Fact(kept, f"{off.item} switches policies off: {off.what}", off.place))))


def _make_stated(graph: Resolver, value: str, name: str | None, place: Place | None) -> Engine:
    text = "the cluster has no CNI (stated)" if name is None else f"the CNI is {value} (stated)"
    profiles = () if name is None else (name,)
    version, version_place = _stated_version(graph)
    return Engine(Fact(name or NONE, text, place), profiles, version, version_place, stated=True, detected=None)


def _make_installed(graph: Resolver, item: Detected, stated: str | None) -> Engine:
    """A CNI that the manifests install, as an engine."""
    is_stated = stated in item.profiles
    profiles = (stated,) if stated is not None and is_stated else item.profiles
    version, place = _stated_version(graph) if is_stated else (None, None)
    if version is None:
        version, place = item.version, item.place if item.version else None
    either = " or ".join(profiles)
    value = profiles[0] if len(profiles) == 1 else Unknown(Variable(f"which of {either}"), f"which of {either} it is")
    text = f"{item.item} shows {either}"
    return Engine(Fact(value, text, item.place), profiles, version, place, stated=is_stated, detected=item)


def _stated_version(graph: Resolver) -> tuple[Version | None, Place | None]:
    stated = graph.cluster.cni_version
    return (None, None) if stated is None else (parse_version(stated.value), stated.place)
