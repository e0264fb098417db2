"""Whether two sets of policies are equivalent, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import Any

from kubeqed.prove.packets.compare import Equivalence
from kubeqed.report.prove.formats.json import deciding_json, packet_json
from kubeqed.report.report import Options
from kubeqed.report.words import make_encodable

VERSION = 1


def render(found: Sequence[tuple[str, Equivalence]], _options: Options) -> str:
    """One JSON object: all units together, with the packet of the first that differs, then each by itself."""
    verdicts = [one.equivalent for _, one in found]
    together = False if False in verdicts else None if None in verdicts else True
    first = next((one for _, one in found if one.witness is not None), None)
    value = {
        "version": VERSION,
        "equivalent": together,
        "gained": any(one.gained for _, one in found),
        "lost": any(one.lost for _, one in found),
        "present": any(one.present for _, one in found),
        **_packet_json(first),
        "units": [{"unit": name, **_equivalence_json(one)} for name, one in found],
    }
    return make_encodable(dumps(value, indent=2, ensure_ascii=False) + "\n")


def _equivalence_json(one: Equivalence) -> dict[str, Any]:
    verdict = {"equivalent": one.equivalent, "gained": one.gained, "lost": one.lost, "present": one.present}
    return {**verdict, **_packet_json(one)}


def _packet_json(one: Equivalence | None) -> dict[str, Any]:
    if one is None:
        return {"witness": None, "deciding": []}
    sides = (("before", one.before), ("after", one.after))
    deciding = [{"side": side, **deciding_json(rule)} for side, rules in sides for rule in rules]
    return {"witness": packet_json(one.witness), "deciding": deciding}
