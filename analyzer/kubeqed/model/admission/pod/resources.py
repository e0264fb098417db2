"""Resource requests and limits."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.admission.names import qualified_name
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.quantity import ONE, quantity
from kubeqed.model.admission.violation import VALUE, Violation, duplicate, invalid, required, unsupported

_STANDARD = ("cpu", "memory", "ephemeral-storage")
_HUGE = "hugepages-"


def requirements(node: Node, spec: Node) -> Iterator[Violation]:
    """`resources` of a container."""
    if not node.present:
        return
    yield from _claims(node["claims"], spec["resourceClaims"])
    limits = dict(node["limits"].entries())
    requests = dict(node["requests"].entries())
    yield from quantities(node["limits"])
    yield from quantities(node["requests"])
    for name, asked in requests.items():
        yield from _within(name, asked, limits.get(name), node)


def _claims(node: Node, of_pod: Node) -> Iterator[Violation]:
    names = [claim["name"].text for claim in of_pod.items()]
    for claim in node.items():
        name = claim["name"].text
        if name == "":
            yield required(claim)
        elif name is not None and of_pod.length is not None and None not in names and name not in names:
            yield Violation(VALUE, claim.path, f'claims "{name}" at {claim.path}, which is none of the resourceClaims')


def quantities(node: Node, below: str = "") -> Iterator[Violation]:
    """A map of resource names to amounts; the server writes the names in brackets, `below` before them."""
    for name, entry in node.entries():
        for why in (*_name_faults(name), *_amount_faults(name, quantity(entry.value))):
            path = f"{node.path}{below}[{name}]"
            yield Violation(VALUE, path, f"sets {entry.path} to {_shown(entry)}: {why}", place=entry.path)


def _amount_faults(name: str, amount: int | None) -> Iterator[str]:
    if amount is not None and amount < 0:
        yield "must be greater than or equal to 0"
    if amount is not None and not _is_shared(name) and amount % ONE:
        yield "must be an integer"


def _name_faults(name: str) -> list[str]:
    faults = qualified_name(name)
    if faults or "/" in name:
        return faults
    return [] if name in _STANDARD or name.startswith(_HUGE) else ["must be a standard resource for containers"]


def _within(name: str, asked: Node, limit: Node | None, resources: Node) -> Iterator[Violation]:
    amount = quantity(asked.value)
    if limit is None:
        if not _is_shared(name) and resources["limits"].length is not None:
            where = resources["limits"].path
            yield Violation(VALUE, where, f"sets no limit of {name}, which cannot be overcommitted", missing=True)
        return
    most = quantity(limit.value)
    if amount is None or most is None:
        return
    if amount != most and not _is_shared(name):
        yield Violation(
            VALUE,
            resources["requests"].path,
            f"requests {_shown(asked)} of {name}: must be equal to the limit of {_shown(limit)}",
        )
    elif amount > most:
        yield Violation(
            VALUE,
            resources["requests"].path,
            f"requests {_shown(asked)} of {name}: must be at most the limit of {_shown(limit)}",
        )


def _is_shared(name: str) -> bool:
    """Whether more may be promised than there is: Kubernetes' own resources but huge pages."""
    native = "/" not in name or "kubernetes.io/" in name
    return native and not name.startswith(_HUGE)


def resize_policy(node: Node, spec: Node) -> Iterator[Violation]:
    """`resizePolicy` of a container; the server names the list, not the item."""
    seen: set[str] = set()
    for policy in node.items():
        name, restart = policy["resourceName"], policy["restartPolicy"]
        if name.text and name.text in seen:
            yield duplicate(policy, what=name.text)
        seen.add(name.text or "")
        faults = []
        if name.text is not None and name.text not in ("cpu", "memory"):
            faults.append(unsupported(name, ("cpu", "memory")))
        if restart.text is not None and restart.text not in ("NotRequired", "RestartContainer"):
            faults.append(unsupported(restart, ("NotRequired", "RestartContainer")))
        elif restart.text == "RestartContainer" and spec["restartPolicy"].text == "Never":
            faults.append(invalid(restart, "must be NotRequired when the pod's restartPolicy is Never"))
        yield from (fault._replace(path=node.path, place=fault.path) for fault in faults)


def _shown(node: Node) -> str:
    return str(node.value)
