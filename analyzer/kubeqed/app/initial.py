"""The text of a first kubeqed.yaml: what the manifests show, and all else as a comment to fill in."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator
from json import dumps

from kubeqed.app.load import Loaded
from kubeqed.diagnostic import more_text
from kubeqed.model.cluster import NEWEST_KUBERNETES
from kubeqed.model.cni.capabilities import Role
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.report.words import escape_text, place_text
from kubeqed.resolve.cni.detected import Detected, detect_cnis

MOST_UNITS = 10
_PLAIN = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_./-]*")
_HOW = {
    UnitOrigin.KUSTOMIZATION: "a kustomization",
    UnitOrigin.CHART: "a chart",
    UnitOrigin.VALUED_CHART: "a chart",
    UnitOrigin.GUESSED: "guessed",
}

_HEAD = """\
# What kubeqed cannot see in the manifests. All of it is optional: a key that is missing means unknown, `none` means
# known to be absent. `kubeqed config schema` prints all keys for editors, `kubeqed config show` what holds.
"""
_REST = """\
# exclude: [vendor/, "**/testdata/"] # not read; they may hold what is missing
# rules:
#   ignore: [target-port-undeclared]
#   severity: {service-selects-nothing: error}
# baseline: kubeqed-baseline.json # `kubeqed baseline` writes it
"""


_OTHERS = ("ingress_controllers: [ingress-nginx]", "node_port_range: 30000-32767", "service_cidr: 10.96.0.0/12")


def write_initial_configuration(loaded: Loaded, directory: str) -> str:
    """The text for a file in a directory, whose paths start there."""
    parts = (_HEAD, "".join(_write_cluster(loaded)), "".join(_write_units(loaded, directory)), _REST)
    return "\n".join(parts)


def _write_cluster(loaded: Loaded) -> Iterator[str]:
    """The key is a comment as long as all below it is, so that taking `# ` away always leaves YAML."""
    seen = next(iter(_list_cnis(loaded)), None)
    unset = "  # " if seen else "#   "
    yield "cluster:\n" if seen else "# cluster:\n"
    yield f'{unset}kubernetes: "{NEWEST_KUBERNETES}" # the newest known version, taken unless another is stated\n'
    if seen:
        shown = f"{seen.item.kind} {seen.item.name}, {place_text(seen.place.span)}"
        yield f"  cni: {seen.profiles[0]} # seen: {escape_text(shown)}\n"
    else:
        yield f"{unset}cni: calico # whether the NetworkPolicies are enforced depends on it\n"
    for line in _OTHERS:
        yield f"{unset}{line}\n"


def _list_cnis(loaded: Loaded) -> list[Detected]:
    """The CNIs that some unit surely installs; several of them are of several clusters, so that none is stated."""
    found = [one for unit in loaded.input.units for one in detect_cnis(unit) if one.role is Role.BASE and not one.weak]
    known = {one.profiles for one in found}
    return found[:1] if len(known) == 1 and len(found[0].profiles) == 1 else []


def _write_units(loaded: Loaded, directory: str) -> Iterator[str]:
    units = [unit for unit in loaded.input.units if unit.objects and unit.found in _HOW]
    yield "# units: # what goes to one cluster; `world: closed` where nothing else does, so that what is missing is proved\n"
    for unit in units[:MOST_UNITS]:
        yield f"#   - {_write_paths(unit, directory)} # {_HOW[unit.found]}{' and joined' if unit.joins else ''}\n"
    for more in more_text(len(units) - MOST_UNITS):
        yield f"#   # {more}: `kubeqed units` lists them\n"
    if not units:
        yield "#   - path: clusters/production\n"


def _write_paths(unit: Unit, directory: str) -> str:
    texts = [_quote_text(os.path.relpath(one, directory).replace(os.sep, "/")) for one in unit.places]
    return f"path: {texts[0]}" if len(texts) == 1 else f"paths: [{', '.join(texts)}]"


def _quote_text(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else dumps(text)
