"""Writes cni.json out of cni.yaml: what each CNI does with policies, and how it shows in manifests; and the names in names.py.

    python -m data.generate_cni

The source is written for people. What a program needs of it is made regular here; texts are read by the tables of
`cni_prose`, and one that they do not know stops the generator. The output is read by kubeqed.model.cni.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from data import cni_prose as prose

from kubeqed.parse import Mapping, Value, parse
from kubeqed.sources import SourceFile

CNI_YAML = Path(__file__).with_name("cni.yaml")
_PACKAGE = Path(__file__).parents[1] / "analyzer/kubeqed/model/cni"
CNI_JSON = _PACKAGE / "cni.json"
NAMES = _PACKAGE / "names.py"

_FEATURES = ("ingress", "egress", "ipBlock", "ipBlock_except", "endPort", "sctp", "namedPorts")


def generate(source: Any) -> dict[str, Any]:
    """The package data for a parsed source."""
    return {
        "as_of": source["as_of"],
        "sources": list(dict.fromkeys(address for entry in source["cnis"] for address in entry.get("sources", []))),
        "cnis": {entry["id"]: _cni(entry) for entry in source["cnis"]},
        "detection": [_detection(entry) for entry in source["detection"]["rules"]],
    }


def _cni(entry: Any) -> dict[str, Any]:
    name, policy = entry["id"], entry["policy"]
    inferred = entry["confidence"] == "inferred"
    enforces = dict(entry["enforces_networkpolicy"])
    if policy["ingress"].get("since") == policy["egress"].get("since"):  # without a direction, nothing
        enforces.setdefault("since", policy["ingress"].get("since"))
    limits = dict(entry.get("limits", {}))
    features = {key: _support(policy[key], name, inferred=inferred) for key in _FEATURES}
    if expressions := limits.pop("matchExpressions", None):
        features["matchExpressions"] = {"support": "partial", "note": expressions}
    return _present(
        name=entry["name"],
        role=prose.ROLES.get(name, "base"),
        confidence=entry["confidence"],
        enforces=_support(enforces, name, inferred=inferred),
        features=features,
        admin={key: _admin(value) for key, value in entry["admin_policy_apis"].items()},
        limits=limits,
        off=[
            *(setting for text in entry.get("off_switches", []) for setting in prose.OFF[text]),
            *prose.MORE_OFF.get(name, []),
        ],
        variants=[{"id": variant["id"], "profile": variant["use_profile"]} for variant in entry.get("variants", [])],
        host_network=policy["hostNetwork_pods"],
        node_port_source=policy["nodeport_lb_source_ip"],
    )


def _support(entry: Any, cni: str, *, inferred: bool) -> Any:
    """A support value alone where nothing else is known of it, else a mapping."""
    support, note, since = entry["support"], entry.get("note", ""), entry.get("since")
    if since in prose.NO_VERSION:
        note, since = "; ".join(filter(None, (note, since))), None
    result = _present(
        since=None if since is None else _since(since, cni),
        note=note,
        inferred=True if (inferred or "(inferred)" in note) and support is not None else None,
    )
    if support == "partial" and (when := prose.PARTIAL[note]) is not None:
        result["needs" if isinstance(when, dict) else "when"] = when
    return {"support": support, **result} if result else support


def _since(text: str, cni: str) -> dict[str, Any]:
    if program := prose.BORROWED.get(cni):
        return {"text": f"{text} of {program}"}
    if text in prose.SINCE:
        below, start = prose.SINCE[text]
    elif text.startswith("<="):
        below, start = None, text[2:]
    else:
        below = start = re.fullmatch(r"(\d+(?:[.-]\d+)+)(?: \(.*\))?", text)[1]  # type: ignore[index]  # or it stops
    shown = re.sub(r" \(.*\)", "", text)
    return _present(text=shown, below=_version(below), start=_version(start))


def _admin(entry: Any) -> Any:
    """The versions of admin policies stand at the start of the notes: `>=1.13 …`, `3.29-3.31 …`."""
    note = entry.get("note", "")
    result: dict[str, Any] = {"support": entry["support"], **_present(note=note)}
    if found := re.match(r">=(\d[\d.]*\d)|(\d[\d.]*\d)-(\d[\d.]*\d) \(", note):
        start, last = found[1] or found[2], found[3]
        result["since"] = _present(text=start, below=_version(start), start=_version(start), last=_version(last))
    return result if len(result) > 1 else entry["support"]


def _version(text: str | None) -> list[int] | None:
    return None if text is None else [int(part) for part in re.split("[.-]", text)]


def _detection(entry: Any) -> dict[str, Any]:
    name = entry["cni"]
    choice = prose.CHOICES.get(name, {"profiles": [name]})
    broad = prose.TOO_BROAD.get(name, set())
    images = [text.split(" together with ") for text in entry["image_substrings"] if text not in broad]
    return _present(
        **choice,
        daemonsets=[text.split("/") for text in entry["daemonsets"]],
        images=images,
        versions=[image[0] for image in images if image[0] not in prose.OTHER_VERSION],
        configmaps=[text.split(" (")[0] for text in entry["configmaps"]],
        groups=entry["crd_groups"],
        resources=prose.RESOURCES.get(name, []),
        chained=prose.CHAINED.get(name, []),
    )


def _present(**entries: Any) -> dict[str, Any]:
    """The entries that say something."""
    return {key: value for key, value in entries.items() if value not in (None, "", [], {})}


def plain(node: Value) -> Any:
    """A value tree as plain Python values."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.items()}
    return [plain(item) for item in node] if isinstance(node, list) else node


def rendered(content: bytes) -> str:
    """The text of the package data for the bytes of a source."""
    data = generate(plain(parse(SourceFile("source", content)).documents[0].document.root))
    cnis = ",\n".join(f"{_compact(key)}: {_compact(value)}" for key, value in data["cnis"].items())
    rules = ",\n".join(_compact(rule) for rule in data["detection"])
    return f'{{"as_of": {_compact(data["as_of"])},\n"sources": {_compact(data["sources"])},\n"cnis": {{\n{cnis}\n}},\n"detection": [\n{rules}\n]}}\n'


def with_names(module: str, content: bytes) -> str:
    """The text of names.py with the CNIs of a source and their variants; the other names stay as they are."""
    entries = plain(parse(SourceFile("source", content)).documents[0].document.root)["cnis"]
    names = sorted(one["id"] for entry in entries for one in (entry, *entry.get("variants", [])))
    listed = "".join(f'    "{name}",\n' for name in names)
    return re.sub(r"(?<=^CNIS = \(\n)[^)]*(?=^\)$)", listed, module, flags=re.MULTILINE)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    source = CNI_YAML.read_bytes()
    CNI_JSON.write_text(rendered(source), encoding="utf-8")
    NAMES.write_text(with_names(NAMES.read_text(encoding="utf-8"), source), encoding="utf-8")
