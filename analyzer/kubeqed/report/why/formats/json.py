"""Decisions about one pair as JSON: both sides with the policies that had a say, and the edits as values."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import Any

from kubeqed.model.kinds.object import Object
from kubeqed.reach.verdicts import (
    DirectionTrace,
    PairAnswers,
    PairVerdict,
    PolicyEdit,
    PolicyTrace,
    RuleMatch,
    SamePods,
    TargetNote,
    UnmodelledDoubt,
)
from kubeqed.report.edits import changed_place_json, edit_json
from kubeqed.report.entries import object_json, place_json
from kubeqed.report.reach.caveats import unless_text
from kubeqed.report.reach.groups import VERSION, lines_of, notice_lines, peers_json, ports_json
from kubeqed.report.reach.words import condition_text
from kubeqed.report.report import Options
from kubeqed.report.why.guesses import bare_notices, verdict_notices
from kubeqed.report.words import escape_text, make_encodable

Value = dict[str, Any]


def render(found: PairAnswers, _options: Options) -> str:
    """One JSON object, a line for each unit that holds both peers."""
    written = [
        dumps({"unit": one.unit.root, **_decision_json(one.verdict, one.edits)}, ensure_ascii=False)
        for one in found.verdicts
    ]
    caveats = [caveat for one in found.verdicts for caveat in one.verdict.caveats]
    guesses = [notice for one in found.verdicts for notice in verdict_notices(one)]
    notices = (*found.notices, *guesses, *bare_notices(found))
    lines = [
        f'"version": {VERSION}',
        f'"decisions": {lines_of(written, "[]")}',
        f'"notices": {lines_of(notice_lines(notices, caveats), "[]")}',
    ]
    return make_encodable("{\n  " + ",\n  ".join(lines) + "\n}\n")


def _decision_json(one: PairVerdict, edits: Sequence[PolicyEdit]) -> Value:
    """The verdict about one pair."""
    return {
        "source": peers_json(one.pair.source.group),
        "destination": peers_json(one.pair.destination.group),
        "itself": one.same is not SamePods.NO,
        "other_pods": one.same is SamePods.WORKLOAD,
        "asked": ports_json(one.ports),
        "allowed": ports_json(one.allowed),
        "depends": [
            {"allow": ports_json(case.ports), "condition": condition_text(case.condition)} for case in one.depending
        ],
        "egress": _side_json(one.found.egress),
        "ingress": _side_json(one.found.ingress),
        "notes": [_note_json(note) for note in one.notes],
        "unless": [_doubt_json(doubt) for doubt in one.doubts],
        "edits": [edit_json(edit) for edit in edits],
    }


def _side_json(side: DirectionTrace) -> Value:
    """What the policies say in one direction."""
    return {
        "allowed": ports_json(side.allowed),
        "isolated": side.isolated,
        "by_default": ports_json(side.defaulted),
        "policies": [_judgement_json(one) for one in side.judgements],
    }


def _judgement_json(one: PolicyTrace) -> Value:
    item = one.policy.object
    path = "spec.podSelector" if item.kind == "NetworkPolicy" else "spec.subject"
    rules = [_hit_json(item, hit) for hit in one.hits if hit.peer]
    return {"object": object_json(item.key), **changed_place_json(item, path), "rules": rules}


def _hit_json(item: Object, hit: RuleMatch) -> Value:
    """A rule that matches, and what it decides."""
    return {
        "path": hit.rule.path,
        **changed_place_json(item, hit.rule.path),
        "action": hit.rule.action,
        "ports": ports_json(hit.decided),
    }


def _note_json(note: TargetNote) -> Value:
    return {**changed_place_json(note.object, note.path), "text": escape_text(note.text)}


def _doubt_json(doubt: UnmodelledDoubt) -> Value:
    policy = doubt.policy
    return {
        **place_json(policy.place.span),
        "text": escape_text(unless_text([policy])),
        "object": object_json(policy.object.key),
        "direction": doubt.direction.lower(),
        "opens": policy.opens,
    }
