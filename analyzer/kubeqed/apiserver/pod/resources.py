"""Resource requests and limits.

Ported from ValidateContainerResourceRequirements of pkg/apis/core/validation. Quantities are compared as whole numbers of the
smallest unit (`formats.quantity`), because `0.1` and `100m` are the same and floats would not say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kubeqed.apiserver.formats.names import dns_label, qualified_name, validate_name
from kubeqed.apiserver.formats.quantity import ONE, parse_quantity
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, duplicate, forbidden, invalid, required, show_value, unsupported
from kubeqed.model.values.known import equals, is_known, is_set, known_or
from kubeqed.parse import Unknown

_STANDARD = ("cpu", "memory", "ephemeral-storage")
HUGE_PAGES = "hugepages-"


def validate_resource_requirements(node: Node, spec: Node, server: Server) -> Iterator[Violation]:
    """`resources` of a container."""
    if not node.present:
        return
    if server.version >= (1, 34):  # DynamicResourceAllocation
        yield from _validate_claims(node["claims"], spec["resourceClaims"])
    yield from validate_amounts(node, container_resource_faults)


def validate_amounts(node: Node, name_faults: Callable[[str], list[str]]) -> Iterator[Violation]:
    """`limits` and `requests`, each by itself and one against the other."""
    limits = dict(node["limits"].entries())
    yield from validate_quantities(node["limits"], name_faults=name_faults)
    yield from validate_quantities(node["requests"], name_faults=name_faults)
    for name, asked in node["requests"].entries():
        yield from _validate_request(name, asked, limits.get(name), node)
    names = {*limits, *dict(node["requests"].entries())}
    certain = is_known(node["limits"].length) and is_known(node["requests"].length)
    if certain and any(name.startswith(HUGE_PAGES) for name in names) and not names & {"cpu", "memory"}:
        yield forbidden(node, "huge pages require cpu or memory")


def _validate_claims(node: Node, of_pod: Node) -> Iterator[Violation]:
    names = of_pod.names()
    used: set[str] = set()
    for claim in node.items():
        name, request = claim["name"].text, claim["request"]
        if equals(name, ""):
            yield required(claim)
        if not is_set(name) or not is_known(request.text):
            continue
        whole = f"{name}/{request.text}" if request.text else name
        if name in used or whole in used or (whole == name and any(key.startswith(f"{name}/") for key in used)):
            yield duplicate(claim, what=whole)
        elif request.text:
            yield from validate_name(request, dns_label)
        used.add(whole)
        if is_known(names) and name not in names:
            yield Violation(
                Reason.VALUE, claim.path, f'claims "{name}" at {claim.path}, which is none of the resourceClaims'
            )


def validate_quantities(
    node: Node, below: str = "", name_faults: Callable[[str], list[str]] | None = None
) -> Iterator[Violation]:
    """A map of resource names to amounts; the server writes the names in brackets, `below` before them."""
    for name, entry in node.entries():
        amount = parse_quantity(entry.value)
        for why in (*(name_faults or container_resource_faults)(name), *_amount_faults(name, amount)):
            path = f"{node.path}{below}[{name}]"
            yield Violation(Reason.VALUE, path, f"sets {entry.path} to {_show_amount(entry)}: {why}", place=entry.path)


def _amount_faults(name: str, amount: int | Unknown) -> Iterator[str]:
    if is_known(amount) and amount < 0:
        yield "must be greater than or equal to 0"
    if is_known(amount) and _is_extended(name) and amount % ONE:
        yield "must be an integer"
    if name.startswith(HUGE_PAGES):
        size = parse_quantity(name.removeprefix(HUGE_PAGES))
        if not is_known(size) or size <= 0 or size % ONE or (is_known(amount) and amount % size):
            yield f"must be a multiple of {name.removeprefix(HUGE_PAGES)}"


def container_resource_faults(name: str) -> list[str]:
    """What is wrong with the name of a resource of a container."""
    faults = qualified_name(name)
    if "/" not in name:
        known = name in _STANDARD or name.startswith(HUGE_PAGES)
        return faults if known else [*faults, "must be a standard resource for containers"]
    if not _is_shared(name) and not _is_extended(name):
        faults.append("does not follow the standard of extended resource names")
    return faults


def _is_extended(name: str) -> bool:
    """Whether the resource is counted in whole units that a device plugin defines."""
    native = "/" not in name or "kubernetes.io/" in name
    return not native and not name.startswith("requests.") and not qualified_name(f"requests.{name}")


def _validate_request(name: str, asked: Node, limit: Node | None, resources: Node) -> Iterator[Violation]:
    amount = parse_quantity(asked.value)
    if limit is None:
        if not _is_shared(name) and is_known(resources["limits"].length):
            where = resources["limits"].path
            yield Violation(
                Reason.VALUE, where, f"sets no limit of {name}, which cannot be overcommitted", missing=True
            )
        return
    most = parse_quantity(limit.value)
    if not is_known(amount) or not is_known(most):
        return
    if amount != most and not _is_shared(name):
        yield Violation(
            Reason.VALUE,
            resources["requests"].path,
            f"requests {_show_amount(asked)} of {name}: must be equal to the limit of {_show_amount(limit)}",
        )
    elif amount > most:
        yield Violation(
            Reason.VALUE,
            resources["requests"].path,
            f"requests {_show_amount(asked)} of {name}: must be at most the limit of {_show_amount(limit)}",
        )


def _is_shared(name: str) -> bool:
    """Whether more may be promised than there is: Kubernetes' own resources but huge pages."""
    native = "/" not in name or "kubernetes.io/" in name
    return native and not name.startswith(HUGE_PAGES)


def validate_resize_policy(node: Node, spec: Node) -> Iterator[Violation]:
    """`resizePolicy` of a container; the server names the list, not the item."""
    seen: set[str] = set()
    for policy in node.items():
        name, restart = policy["resourceName"], policy["restartPolicy"]
        if is_set(name.text) and name.text in seen:
            yield duplicate(policy, what=name.text)
        seen.add(known_or(name.text, ""))
        faults = []
        if is_known(name.text) and name.text not in ("cpu", "memory"):
            faults.append(unsupported(name, ("cpu", "memory")))
        if is_known(restart.text) and restart.text not in ("NotRequired", "RestartContainer"):
            faults.append(unsupported(restart, ("NotRequired", "RestartContainer")))
        if is_known(restart.text) and restart.text != "NotRequired" and equals(spec["restartPolicy"].text, "Never"):
            faults.append(invalid(restart, "must be NotRequired when the pod's restartPolicy is Never"))
        yield from (fault._replace(path=node.path, place=fault.path) for fault in faults)


def _show_amount(node: Node) -> str:
    return show_value(node) if isinstance(node.value, list | dict) else str(node.value)
