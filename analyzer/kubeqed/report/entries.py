"""Places, objects and evidence as JSON, for the formats that carry them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kubeqed.diagnostic import Evidence, ObjectKey, Span
from kubeqed.parse import Place

Object = dict[str, Any]


def object_json(key: ObjectKey | None) -> Object | None:
    """A Kubernetes object by its key, spelt as in manifests."""
    if key is None:
        return None
    return {"apiVersion": key.api_version, "kind": key.kind, "namespace": key.namespace, "name": key.name}


def evidence_json(evidence: Evidence | None) -> Object | None:
    """Why a finding is so; a fact or an unknown that no line states has null for its place."""
    if evidence is None:
        return None
    return {
        "verdict": evidence.verdict,
        "facts": [{**place_json(fact.span), "text": fact.text} for fact in evidence.facts],
        "unknowns": [{"name": it.name, "text": it.text, **place_json(it.span)} for it in evidence.unknowns],
        "witness": None if evidence.witness is None else dict(evidence.witness),
    }


def changed_json(places: Sequence[Place]) -> Object:
    """`changed`: where a part of a field is set, for a report of one that several lines set; else nothing."""
    return {"changed": [place_json(one.span) for one in places]} if places else {}


def place_json(span: Span | None) -> Object:
    """A place, or null throughout for what no line states."""
    return span._asdict() if span else dict.fromkeys(Span._fields)
