"""What the API server would say against the manifests of a unit, as findings: each rule that speaks for a part asks here.

The server is asked once for each unit. What belongs to a rule that does not exist is said by `value-rejected`, so that
no refusal is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from weakref import WeakKeyDictionary

from kubeqed.apiserver import Server, Violation, admit, find_removal, find_violations, server_of, update
from kubeqed.apiserver.decode.readings import soften_built_text
from kubeqed.apiserver.decode.removed import Removal
from kubeqed.apiserver.reason import Reason
from kubeqed.build.node import COPIED
from kubeqed.diagnostic import Certainty, Severity
from kubeqed.late_pattern import compile_late
from kubeqed.model.file_names import is_bindata, is_embedded, may_be_part
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.partial import is_unused_base, may_be_partial
from kubeqed.model.units.unit import DefinedAs, UnitOrigin, defined_as
from kubeqed.parse import Mapping, Sequence, Value, locate, value_at
from kubeqed.rule.alike import merge_alike
from kubeqed.rule.catalogue import find_rules
from kubeqed.rule.finding import Finding
from kubeqed.rule.misspelt import rename_key_edit
from kubeqed.rule.one_mistake import RootViolation, group_by_cause
from kubeqed.rule.reasons import MERGED, RULE_OF_REASON
from kubeqed.rule.world import World

OTHERWISE = RULE_OF_REASON[Reason.VALUE]
_OLD_FIELDS = "has backends as v1beta1 writes them: v1 knows service.name and service.port, defaultBackend, and a pathType per path"
# https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
_FLUX_APPLIES = "kustomize.toolkit.fluxcd.io/ssa"

_JOINED_WITH_NOTHING = compile_late(r"\A[.:/-]|[.:/-]\Z|\.\.")
_SENTENCE = compile_late(r"[a-z] [a-z']+ [a-z]")
_LONGEST_NAME = 63
_NAME_OF_MOUNT = compile_late(r"\.volumeMounts\[\d+\]\.name\Z")
_OF_NO_VALUE = (Reason.FIELD_UNKNOWN, Reason.API_REMOVED)

_Said = dict[str, list[Finding]]
_said: WeakKeyDictionary[World, _Said] = WeakKeyDictionary()


def findings_of_server(world: World, rule: str) -> Iterator[Finding]:
    """The findings of a rule that speaks for the server."""
    if world not in _said:
        _said[world] = _ask_server(world)
    said = _said[world].get(rule, [])
    yield from merge_alike(said) if rule in MERGED else said


def removal_of(item: Object) -> Removal | None:
    """The Kubernetes version that stopped serving the API version of the object; None for one that is served."""
    identity = item.identity
    return find_removal(identity.group, identity.version, identity.kind)


def _ask_server(world: World) -> _Said:
    server = server_of(world.cluster)
    said: _Said = {}
    is_for_overlays = is_unused_base(world.unit, world.input)
    for item, found in _all_violations(world.unit.objects, server):
        completed = is_for_overlays or _may_be_completed(item, world)
        kept = [violation for violation in found if not (violation.missing and completed)]
        if is_embedded(item.file):
            kept = [violation for violation in kept if not (violation.missing and violation.path.endswith(".image"))]
        if item.file in world.unit.kustomized or _is_of_kluctl(item):
            kept = [soften_built_text(violation, item.identity) for violation in kept]
        if world.unit.found is UnitOrigin.CHART:
            given = item.file in world.unit.transformed
            kept = [_soften_default(item, violation, given=given) for violation in kept]
        if is_bindata(item.file):
            kept = [_soften_embedded(violation) for violation in kept]
        for mistake in group_by_cause(item, kept):
            violation = mistake.violation
            rule = RULE_OF_REASON[violation.reason]
            if rule in _list_rule_ids() or violation.certainty is Certainty.REJECTED:
                rule = rule if rule in _list_rule_ids() else OTHERWISE
                said.setdefault(rule, []).append(_make_finding(item, mistake))
    return said


def _may_be_completed(item: Object, world: World) -> bool:
    """Whether what the object lacks may be added before it is applied, or be there in the cluster."""
    unit = world.unit
    return (
        item.file in unit.transformed
        or item.file in world.input.laid_over
        or _is_merged_by_flux(item)
        or may_be_partial(item.file, unit, world.input)
        or may_be_part(item.file)  # which a kustomization names as a resource, to be laid over what a chart makes
    )


def _is_merged_by_flux(item: Object) -> bool:
    entry = item.annotations.entries.get(_FLUX_APPLIES)
    return isinstance(entry, str) and entry.lower() == "merge"


def _soften_embedded(violation: Violation) -> Violation:
    """The violation of an object that an operator holds; it sets values, but a field that does not exist is lost in any case."""
    if violation.reason == Reason.FIELD_UNKNOWN or violation.certainty is not Certainty.REJECTED:
        return violation
    message = f"{violation.message}, unless the operator that holds it sets it"
    return violation._replace(certainty=Certainty.POSSIBLE, message=message)


def _soften_default(item: Object, violation: Violation, *, given: bool) -> Violation:
    """The violation of a value that a chart takes from its defaults: who installs it may give another.

    Where nothing gives the chart values, as `given` says, its defaults count; but one that is empty waits for a value.
    """
    path = violation.place or violation.path
    comes_from_values = given and any(one.text == COPIED for one in item.at(path).through)
    is_unset = violation.reason not in _OF_NO_VALUE and _waits_for_value(item.identity.root, path)
    if not (comes_from_values or is_unset) or violation.certainty.severity is Severity.NOTE:
        return violation
    message = f"{violation.message}, unless another value is given for the chart"
    reason = violation.reason if RULE_OF_REASON[violation.reason] in _list_rule_ids() else Reason.VALUE
    return violation._replace(certainty=Certainty.POSSIBLE, message=message, reason=reason)


def _waits_for_value(root: Mapping, path: str) -> bool:
    """Whether a value is printed of one that is empty: alone, beside a dot, or in what lacks it, as an Ingress lacks its rules.

    A sentence is what a chart says to those who have to give one.
    A name that is too long with the name that kubeqed gives to a release waits for another one, and a mount for values with which the
    chart prints its volume.
    """
    from kubeqed.build.helm.value_set import RELEASE  # with the engine of templates, which only charts need

    value = value_at(root, path)
    if isinstance(value, str):
        with_release = RELEASE in value and len(value) - len(RELEASE) <= _LONGEST_NAME < len(value)
        is_unset = not value or _JOINED_WITH_NOTHING.search(value) is not None or _SENTENCE.search(value) is not None
        return with_release or is_unset or _NAME_OF_MOUNT.search(path) is not None
    if path == "spec" and isinstance(value, Mapping):
        return "rules" in value and _is_empty(value["rules"])
    return (_is_empty(value) and locate(root, path, 0)[1]) or _holds_nothing(value)


def _is_empty(value: Value) -> bool:
    return value is None or (isinstance(value, Mapping | Sequence) and not len(value))


def _holds_nothing(value: Value) -> bool:
    """Whether one of the values in a mapping or list, or in one below it, is null."""
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, Sequence) else ()
    return any(one is None or _holds_nothing(one) for one in inside)


def _is_of_kluctl(item: Object) -> bool:
    """Whether kluctl applies the object, which has kustomize build all that it applies."""
    return any(key.startswith("kluctl.io/") for key in item.annotations.entries)


def _all_violations(objects: Iterable[Object], server: Server) -> Iterator[tuple[Object, list[Violation]]]:
    """What the server says to each object: as a new version of the one that it took from the same file before, if any."""
    taken: dict[tuple[str, DefinedAs], Object] = {}
    for item in objects:
        key = defined_as(item)
        before = taken.get((item.file, key)) if key else None
        said = [*(_list_violations(item, server) if before is None else _of_update(before, item, server))]
        yield item, [*_drop_repeated(said)]
        if key and not any(violation.certainty is Certainty.REJECTED for violation in said):
            taken[item.file, key] = item


def _drop_repeated(said: Iterable[Violation]) -> Iterator[Violation]:
    """Without what the server says again: that a field repeats another, once by the schema and once by a rule of it."""
    repeated: set[str | None] = set()
    for violation in said:
        if violation.first is None or violation.place not in repeated:
            yield violation
        if violation.first is not None:
            repeated.add(violation.place)


def _of_update(before: Object, item: Object, server: Server) -> Iterator[Violation]:
    """What the server says to a new version: what stays wrong once it is completed, and what may not change."""
    old, identity = before.identity.root, item.identity
    group, kind = identity.group, identity.kind
    root, unchangeable = update.judge_new_version(group, kind, old, identity.root)
    still = {(found.reason, found.path) for found in admit(root, group, identity.version, kind, server)}
    for violation in _list_violations(item, server):
        stays = root is identity.root or (violation.reason, violation.path) in still
        if stays and not update.asked_of_new_objects(group, kind, violation):
            yield violation
    yield from unchangeable


def _make_finding(item: Object, mistake: RootViolation) -> Finding:
    violation = mistake.violation
    first = [(item.at(violation.first), "the first one")] if violation.first else []
    follow = [(item.at(one.place or one.path), f"so it {one.message}") for one in mistake.follow]
    message = f"{item} {_OLD_FIELDS if mistake.is_old else violation.message}"
    named_later = violation.missing and violation.path == "metadata.name"
    certainty = Certainty.POSSIBLE if named_later else violation.certainty
    locate = item.key_at if violation.reason is Reason.FIELD_UNKNOWN else item.at
    return Finding(
        at=locate(violation.place or violation.path)._replace(path=violation.path),
        message=f"{message}, unless a program gives it one" if named_later else message,
        at_most=None if certainty is Certainty.REJECTED else certainty,
        related=(*first, *follow),
        suggestion=None if mistake.is_old else violation.suggestion,
        edit=None if mistake.is_old else rename_key_edit(item, violation),
    )


@lru_cache(maxsize=1 << 14)  # an editor asks again and again, mostly of objects that did not change
def _list_violations(item: Object, server: Server) -> tuple[Violation, ...]:
    return tuple(find_violations(item, server))


@cache
def _list_rule_ids() -> frozenset[str]:
    return frozenset(rule.id for rule in find_rules())
