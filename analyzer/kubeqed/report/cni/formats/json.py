"""What every CNI makes of the policies of each unit, one by one."""

from __future__ import annotations

from json import dumps
from typing import Any

from kubeqed.model.cni.versions import VersionBand, format_version
from kubeqed.prove.clauses.losses import Loss, LossDirection
from kubeqed.prove.questions.cni_losses import CniEffect, CniRow
from kubeqed.prove.questions.policy_cnis import CniOutcome
from kubeqed.report.cni.listing import CniListing, UnitCnis
from kubeqed.report.cni.words import example_text
from kubeqed.report.entries import object_json, place_json
from kubeqed.report.report import Options
from kubeqed.report.words import make_encodable

VERSION = 1

_VERDICTS = {
    CniOutcome.HOLD: "enforced",
    CniOutcome.BY_VERSION: "may-lose",
    CniOutcome.UNKNOWN: "may-lose",
    CniOutcome.IN_PART: "loses",
    CniOutcome.IGNORED: "ignored",
}


def render(listing: CniListing, _options: Options) -> str:
    """One JSON object; alike CNIs are not grouped."""
    value = {
        "version": VERSION,
        "units": [_unit_json(one) for one in listing.units],
        "notices": [
            {"kind": notice.kind.value, **place_json(notice.span), "text": notice.text} for notice in listing.notices
        ],
    }
    return make_encodable(dumps(value, indent=2, ensure_ascii=False) + "\n")


def _unit_json(one: UnitCnis) -> dict[str, Any]:
    return {
        "root": one.unit.root,
        "world": "closed" if one.unit.closed else "open",
        "stated": one.unit.stated,
        "objects": len(one.unit.objects),
        "policies": len(one.table.policies),
        "loses": one.table.loses if one.table.engines else None,
        "cnis": [_row_json(row) for row in one.table.rows],
    }


def _row_json(row: CniRow) -> dict[str, Any]:
    directions = {loss.direction for loss in row.losses}
    return {
        "name": row.cni,
        "versions": _versions_json(row.versions),
        "chosen": None if row.chosen is None else "stated" if row.chosen.stated else "installed",
        "verdict": _VERDICTS[row.outcome],
        "too_open": bool(directions & {LossDirection.TOO_OPEN, LossDirection.EITHER}),
        "too_strict": bool(directions & {LossDirection.TOO_STRICT, LossDirection.EITHER}),
        "conditions": list(row.conditions),
        "lost": [_loss_json(loss) for loss in row.losses],
        "effect": None if row.effect is None else _effect_json(row.effect),
    }


def _versions_json(band: VersionBand) -> dict[str, str | None]:
    """The bounds; a version that is known is all three."""
    start, end = (None if bound is None else format_version(bound) for bound in (band.start, band.end))
    if start is not None and start == end:
        return {"exact": start, "from": None, "before": None}
    return {"exact": None, "from": start, "before": end}


def _loss_json(loss: Loss) -> dict[str, Any]:
    return {
        **place_json(loss.object.at(loss.path).span),
        "object": object_json(loss.object.key),
        "path": loss.path,
        "text": loss.text,
        "support": _spell_name(loss.degree.name),
        "direction": _spell_name(loss.direction.name),
        "note": loss.note,
    }


def _effect_json(effect: CniEffect) -> dict[str, Any]:
    return {
        "exact": effect.exact,
        **{
            key: {"connections": len(entries), "example": example_text(entries) if entries else None}
            for key, entries in (("opens", effect.opens), ("closes", effect.closes))
        },
    }


def _spell_name(name: str) -> str:
    return name.lower().replace("_", "-")
