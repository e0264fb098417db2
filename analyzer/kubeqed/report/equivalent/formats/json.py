"""Whether two sets of policies are equivalent, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import Any

from kubeqed.prove.packets.compare import ComparedUnits, Equivalence
from kubeqed.report.prove.formats.json import deciding_json, doubt_json, packet_json
from kubeqed.report.reach.groups import caveat_json
from kubeqed.report.report import Options
from kubeqed.report.words import make_encodable

VERSION = 1


def render(found: ComparedUnits, _options: Options) -> str:
    """One JSON object: all units together, with the packet of the first that differs, then each by itself."""
    first = next((one for _, one in found.units if one.witness is not None), None)
    value = {
        "version": VERSION,
        **_verdict_json(found),
        **_packet_json(first),
        **_limits_json([one for _, one in found.units]),
        "units": [
            {"unit": name, **_verdict_json(one), **_packet_json(one), **_limits_json([one])}
            for name, one in found.units
        ],
    }
    return make_encodable(dumps(value, indent=2, ensure_ascii=False) + "\n")


def _verdict_json(one: Equivalence | ComparedUnits) -> dict[str, Any]:
    return {"equivalent": one.equivalent, "gained": one.gained, "lost": one.lost, "present": one.present}


def _packet_json(one: Equivalence | None) -> dict[str, Any]:
    if one is None:
        return {"witness": None, "deciding": []}
    sides = (("before", one.before), ("after", one.after))
    deciding = [{"side": side, **deciding_json(rule)} for side, rules in sides for rule in rules]
    return {"witness": packet_json(one.witness), "deciding": deciding}


def _limits_json(several: Sequence[Equivalence]) -> dict[str, Any]:
    doubts = [doubt_json(policy) for one in several for policy in one.doubts]
    return {"unless": doubts, "notices": [caveat_json(caveat) for one in several for caveat in one.caveats]}
