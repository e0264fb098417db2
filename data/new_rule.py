"""Writes the module of a new rule, with examples to fill in: `make new-rule ID=service-has-no-port KIND=service`.

    python -m data.new_rule ID KIND

KIND is the kind that the rule judges, in lower case, or a group of kinds: manifest, workload, gateway or cluster. What
is written passes the linter and the type checker. Its examples fail until `check` finds what INVALID expects.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from string import Template
from typing import NamedTuple

from kubeqed import __version__
from kubeqed.apiserver.crd.schema import load_resource
from kubeqed.apiserver.decode.table import versions_of
from kubeqed.model.kinds.registry import module_of, readers_of
from kubeqed.rule.catalogue import GROUPS, find_rules

RULES = Path(__file__).parents[1] / "rules" / "kubeqed_rules"
_ID = re.compile(r"(?!(?:no|check|invalid|validate|ensure)-)[a-z]+(?:-[a-z]+)+")
_OF_GROUP = {
    "workload": ("workload", "Workload", "apps/v1", "Deployment"),
    "adminpolicy": (
        "clusternetworkpolicy",
        "ClusterNetworkPolicy",
        "policy.networking.k8s.io/v1alpha2",
        "ClusterNetworkPolicy",
    ),
    "autoscaler": ("autoscaler", "Autoscaler", "autoscaling/v2", "HorizontalPodAutoscaler"),
    "endpoints": ("endpointslice", "EndpointSlice", "discovery.k8s.io/v1", "EndpointSlice"),
    "gateway": ("gateway", "Gateway", "gateway.networking.k8s.io/v1", "Gateway"),
    "ingress": ("ingress", "Ingress", "networking.k8s.io/v1", "Ingress"),
    "entry": ("ingress", "Ingress", "networking.k8s.io/v1", "Ingress"),
    "webhook": ("object", "Object", "admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
    "manifest": ("object", "Object", "v1", "Service"),
    "cluster": ("object", "Object", "v1", "Service"),
    "intent": ("object", "Object", "v1", "Service"),
}
_TEXT = Template('''"""FILL: what is wrong, as one sentence.

FILL: why it hurts.
FILL: what to do.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.$module import $name
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="FILL: what is wrong, in at most 70 characters",
    certainty=Certainty.PROVED,  # the highest that it may reach; severity follows
    since="$since",
    references=("https://kubernetes.io/docs/concepts/FILL",),
)

FILL = """
apiVersion: $version
kind: $kind
metadata: {name: web}
"""

VALID = [
    FILL + "spec: {}",
]
INVALID = [
    FILL + "spec: {}  # expect: $id",
]


def check(world: World) -> Iterator[Finding]:
    for item in world.of($name):
        if _is_wrong(item):
            yield Finding(at=item.at("spec"), message=f"{item} FILL: the fact, and what follows from it")


def _is_wrong(item: $name) -> bool:
    return str(item) == "FILL"
''')


class RuleError(Exception):
    """Why there can be no such rule, in words for the author."""


class KindModule(NamedTuple):
    """What a rule about a kind imports, and the head of its examples."""

    module: str
    name: str
    version: str
    kind: str


def write_rule(rule_id: str, folder: str, rules: Path = RULES) -> Path:
    """Write the module of a new rule below `rules` and return its path; a RuleError when there can be none."""
    if not _ID.fullmatch(rule_id):
        raise RuleError(
            f"{rule_id!r} is no rule id: say what is wrong in lower-case words with hyphens, such as port-unused"
        )
    if rule_id in {rule.id for rule in find_rules()}:
        raise RuleError(f"there is a rule {rule_id} already")
    about = _find_kind(folder)
    path = rules / folder / f"{rule_id.replace('-', '_')}.py"
    if path.exists():
        raise RuleError(f"{path} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    package = path.with_name("__init__.py")
    if not package.exists():
        package.write_text(f'"""Rules that judge {about.kind} objects."""\n', encoding="utf-8")
    since = ".".join(__version__.split(".")[:2])
    path.write_text(_TEXT.substitute(about._asdict(), id=rule_id, since=since), encoding="utf-8")
    return path


def _find_kind(folder: str) -> KindModule:
    if folder in GROUPS:
        return KindModule(*_OF_GROUP[folder])
    found = [(group, kind) for group, kind in readers_of(folder) if kind.lower() == folder]
    if not found:
        groups = ", ".join(sorted(GROUPS))
        raise RuleError(f"{folder!r} is no kind of kubeqed.model.kinds, and none of {groups}")
    group, kind = found[0]
    served = [*versions_of(group, kind)] or [*_versions_of_custom(folder)]
    version = min(served, key=len, default="v1")  # v1 rather than v1beta1
    return KindModule(module_of(folder), kind, f"{group}/{version}".lstrip("/"), kind)


def _versions_of_custom(folder: str) -> Iterable[str]:
    try:
        return load_resource(folder).versions
    except FileNotFoundError:
        return ()


def main() -> None:
    """Write the rule that the command line names."""
    if len(sys.argv) != 3 or not all(sys.argv[1:]):
        sys.exit("usage: make new-rule ID=some-rule-id KIND=service")
    _, rule_id, folder = sys.argv
    try:
        path = write_rule(rule_id, folder)
    except RuleError as error:
        sys.exit(f"new-rule: {error}")
    print(f"wrote {path}: replace every FILL, then run")
    print(f"  pytest tests/rules -k {rule_id}")
    print("  make docs")


if __name__ == "__main__":
    main()
