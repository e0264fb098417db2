"""The rules there are: modules of a package that is found by name, one folder for each kind.

A rule's id is its file name with hyphens; a folder is the kind it judges, or stands for a group of kinds. Modules are
imported only when they are to run, so the ids are read from the file names.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from types import ModuleType
from typing import cast

from kubeqed.late_pattern import compile_late
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.rule.finding import Finding
from kubeqed.rule.meta import Meta
from kubeqed.rule.world import World
from kubeqed.sources.docstrings import read_docstring
from kubeqed.sources.modules import list_modules

DEFAULT_PACKAGE = "kubeqed_rules"
_CLUSTER, _INTENT = "cluster", "intent"
_RANGE_KINDS = frozenset({"ClusterConfiguration", "IPAddressPool", "IPPool", "ServiceCIDR"})
_CALLING = frozenset(
    {"APIService", "CustomResourceDefinition", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}
)
_AUTOSCALERS = frozenset({"HorizontalPodAutoscaler", "ScaledObject", "VerticalPodAutoscaler"})
GROUPS: dict[str, Callable[[Object], bool]] = {
    "manifest": lambda _: True,
    "workload": lambda item: isinstance(item, Workload),
    "autoscaler": lambda item: item.kind in _AUTOSCALERS,
    "endpoints": lambda item: item.kind in ("Endpoints", "EndpointSlice"),
    "ingress": lambda item: item.kind in ("Ingress", "IngressClass"),
    "adminpolicy": lambda item: item.group == "policy.networking.k8s.io",
    "gateway": lambda item: item.group in ("gateway.networking.k8s.io", "route.openshift.io"),
    "entry": lambda item: item.kind in ("Ingress", "HTTPRoute", "Gateway"),
    "webhook": lambda item: item.kind in _CALLING,
    _CLUSTER: lambda item: item.kind in _RANGE_KINDS,
    _INTENT: lambda _: False,
}
"""Folders that stand for a group of kinds."""

_EXPECTED = compile_late(r"[ \t]+# expect: .*")
_EXPECTED_ALONE = compile_late(r"^[ \t]*# expect: .*\n", re.MULTILINE)

Check = Callable[[World], Iterable[Finding]]


class Rule:
    """A rule: its module, imported when first needed."""

    def __init__(self, package: str, folder: str, module: str) -> None:
        self.id = module.replace("_", "-")
        self.folder = folder
        self._name = f"{package}.{folder}.{module}"

    def __repr__(self) -> str:
        return f"Rule({self.id!r})"

    @cached_property
    def _module(self) -> ModuleType:
        return importlib.import_module(self._name)

    @property
    def meta(self) -> Meta:
        """What the rule says of itself."""
        return cast(Meta, self._module.META)

    @property
    def text(self) -> str:
        """The docstring: what is wrong, why it hurts, what to do."""
        return read_docstring(self._module)

    @property
    def examples(self) -> tuple[list[str], list[str]]:
        """(valid, invalid) example manifests."""
        return getattr(self._module, "VALID", []), getattr(self._module, "INVALID", [])

    def illustrate(self) -> tuple[str, str]:
        """The first valid and the first invalid example as a reader wants them: the fault is pointed at, with no mark of a
        test. Empty where there is none.
        """
        valid, invalid = (next(iter(texts), "") for texts in self.examples)
        return _without_marks(valid), _without_marks(invalid)

    @property
    def check(self) -> Check | None:
        """What the rule checks by itself; None for what parse or the API server says."""
        return cast("Check | None", getattr(self._module, "check", None))

    def judges(self, kinds: frozenset[str], objects: Iterable[Object]) -> bool:
        """Whether an object that the rule judges occurs; `kinds` are the objects' kinds in lower case."""
        group = GROUPS.get(self.folder)
        return any(map(group, objects)) if group else self.folder in kinds

    @property
    def judges_cluster(self) -> bool:
        """Whether the rule judges what is stated of the cluster, too, and so needs no object."""
        return self.folder == _CLUSTER

    @property
    def judges_intents(self) -> bool:
        """Whether the rule judges what shall hold of the network, and so has nothing to do where nothing is stated."""
        return self.folder == _INTENT


def _without_marks(example: str) -> str:
    return _EXPECTED.sub("  # <- here", _EXPECTED_ALONE.sub("", example)).strip()


class DuplicateRuleError(Exception):
    """Two rules have one id."""


def find_rules(package: str = DEFAULT_PACKAGE) -> tuple[Rule, ...]:
    """The rules of a package, ordered by id; DuplicateRuleError when two share one, LookupError when there is no package."""
    found: dict[str, Rule] = {}
    for rule in _walk_package(package):
        if found.setdefault(rule.id, rule) is not rule:
            raise DuplicateRuleError(rule.id)
    return tuple(found[key] for key in sorted(found))


def _walk_package(package: str) -> Iterator[Rule]:
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise LookupError(f"no package {package}")
    for root in spec.submodule_search_locations or ():
        for folder in sorted(os.listdir(root)):
            path = os.path.join(root, folder)
            if os.path.isdir(path) and not folder.startswith("_"):
                yield from (Rule(package, folder, module) for module in list_modules([path]))
