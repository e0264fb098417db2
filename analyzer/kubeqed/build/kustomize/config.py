"""Which fields the transformers of a kustomization change: the defaults, and what `configurations` add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from kubeqed.build.kustomize.tables import (
    FIRST_KINDS,
    LAST_KINDS,
    FieldSpec,
    NameReference,
    field_specs,
    rank_kinds,
    spell_type,
)
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalError

_RANKS = rank_kinds(FIRST_KINDS, LAST_KINDS)
CONFIGURED = (
    "namePrefix nameSuffix namespace commonLabels labels templateLabels volumeClaimTemplateLabels commonAnnotations"
    " varReference images replicas"
).split()
_BY_LOWER = {name.lower(): name for name in (*CONFIGURED, "nameReference")}


class TransformerConfig:
    """The field specs of each transformer, by the name that `configurations` use, and the name references."""

    def __init__(self, fields: Mapping[str, tuple[FieldSpec, ...]], names: tuple[NameReference, ...] = ()) -> None:
        self.fields = fields
        self.names = names
        self._references: dict[tuple[str, str, str], list[tuple[NameReference, str]]] = {}

    def references_of(self, group: str, version: str, kind: str) -> list[tuple[NameReference, str]]:
        """The paths at which objects of a type name others, each with what it names; worked out once for each type."""
        if (group, version, kind) not in self._references:
            self._references[group, version, kind] = [
                (reference, spec.path)
                for reference in self.names
                for spec in reference.referrers
                if spec.group in ("", group) and spec.version in ("", version) and spec.kind in ("", kind)
            ]
        return self._references[group, version, kind]

    def merge(self, other: TransformerConfig) -> TransformerConfig:
        """Both; a RefusalError when they disagree. Of what is laid over nothing, too, one spec may take another's place."""
        return self if other is self or other is NOTHING else _merge_configs(self, other)


@lru_cache(maxsize=256)  # most kustomizations have the default one
def _merge_configs(first: TransformerConfig, second: TransformerConfig) -> TransformerConfig:
    fields = {
        name: tuple(_sort_specs(merge_specs(first.fields.get(name, ()), second.fields.get(name, ()))))
        for name in CONFIGURED
    }
    return TransformerConfig(fields, tuple(_sort_specs(_merge_names(first.names, second.names))))


def merge_specs(specs: Iterable[FieldSpec], more: Iterable[FieldSpec]) -> list[FieldSpec]:
    """The field specs with those of `more` that are new; a RefusalError where one is there that creates and the other does not."""
    merged = list(specs)
    for spec in more:
        same = next((one for one in merged if one.path == spec.path and _is_selected(spec, one)), None)
        if same is None:
            merged.append(spec)
        elif same.create != spec.create:
            raise RefusalError("conflicting fieldspecs")
    return merged


def _is_selected(selector: FieldSpec, spec: FieldSpec) -> bool:
    """Whether a field spec means whatever another one means (Gvk.IsSelected)."""
    return (
        selector.group in ("", spec.group)
        and selector.version in ("", spec.version)
        and selector.kind in ("", spec.kind)
    )


def _merge_names(names: Sequence[NameReference], more: Sequence[NameReference]) -> list[NameReference]:
    """The references with those of `more`; those to one kind are put together."""
    merged = list(names)
    for reference in more:
        at = [number for number, one in enumerate(merged) if one[:3] == reference[:3]]
        for number in at:
            referrers = tuple(merge_specs(merged[number].referrers, reference.referrers))
            merged[number] = merged[number]._replace(referrers=referrers)
        if not at:
            merged.append(reference)
    return merged


def _sort_specs(specs: list[Any]) -> list[Any]:
    """In the order of the tool, which decides where two specs name one field."""
    return sorted(specs, key=lambda spec: (_RANKS.get(spec.kind, 0), spell_type(spec.group, spec.version, spec.kind)))


@cache
def default_config() -> TransformerConfig:
    """What the tool changes where no `configurations` say more."""
    return read_config(field_specs())


def read_config(root: Mapping[str, Any]) -> TransformerConfig:
    """The configuration that plain values hold, of the default tables or of a file that `configurations` name."""
    known = {_BY_LOWER[key.lower()]: value for key, value in root.items() if key.lower() in _BY_LOWER}
    fields = {name: tuple(map(read_spec, known.get(name) or ())) for name in CONFIGURED}
    names = tuple(
        NameReference(
            _read_text(one, "group"),
            _read_text(one, "version"),
            _read_text(one, "kind"),
            tuple(map(read_spec, one.get("fieldSpecs") or ())),
        )
        for one in known.get("nameReference") or ()
    )
    fields = {name: tuple(_sort_specs(list(specs))) for name, specs in fields.items()}
    return TransformerConfig(fields, tuple(_sort_specs(list(names))))


def read_spec(spec: Mapping[str, Any]) -> FieldSpec:
    """One field spec of plain values."""
    return FieldSpec(
        _read_text(spec, "group"),
        _read_text(spec, "version"),
        _read_text(spec, "kind"),
        _read_text(spec, "path"),
        spec.get("create") is True,
    )


def specs_at(node: OriginNode, field: str) -> list[FieldSpec]:
    """The field specs that a list of a kustomization or of a transformer holds."""
    return [read_spec({key: value.value for key, value in item.entries.items()}) for item in node.items_at(field)]


def _read_text(spec: Mapping[str, Any], key: str) -> str:
    value = spec.get(key)
    return value if isinstance(value, str) else ""


NOTHING = TransformerConfig(dict.fromkeys(CONFIGURED, ()))
