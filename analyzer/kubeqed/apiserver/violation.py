"""What the API server would say against one field, in the words that a rule prepends with the object's name."""

from __future__ import annotations

from collections.abc import Iterable
from types import NoneType
from typing import NamedTuple

from kubeqed.apiserver.node import Node, is_confidential
from kubeqed.apiserver.reason import Reason
from kubeqed.diagnostic import Certainty
from kubeqed.model.confidential.values import redact_credentials

_VERBS = ("is ", "has ", "hides ", "holds ", "overlaps ", "should ", "stands ")


class Violation(NamedTuple):
    """One complaint: `reason` is its sort, `path` the field as the server names it.

    `certainty` is REJECTED where the server refuses the object, and lower for what it only warns of. `missing` says
    that the complaint is about something not written, which a patch may leave to its base. `suggestion` is what the
    author may have meant. `place` is the path of the field that shows it, where the server names another one; `first`
    that of the field which it repeats. `misspelt` says that the text is no name, host, port, number or address, where one
    must stand, so that it may be a word that is to be filled in.
    """

    reason: Reason
    path: str
    message: str
    certainty: Certainty = Certainty.REJECTED
    missing: bool = False
    suggestion: str | None = None
    place: str | None = None
    first: str | None = None
    misspelt: bool = False


class Misspelt(str):
    """Why a text is no name, host, port or address."""

    __slots__ = ()


def invalid(node: Node, why: str, reason: Reason = Reason.VALUE) -> Violation:
    """The field holds a value that is not allowed."""
    path = node.path
    return Violation(reason, path, f"sets {path} to {show_value(node)}: {why}", misspelt=isinstance(why, Misspelt))


def required(node: Node, why: str = "", reason: Reason = Reason.VALUE) -> Violation:
    """The field has no value."""
    return Violation(reason, node.path, f"lacks {node.path}" + (f": {why}" if why else ""), missing=True)


def forbidden(node: Node, why: str, reason: Reason = Reason.VALUE, *, path: str | None = None) -> Violation:
    """The field may not be set here; `path` is what the server names it, where that differs."""
    written = node.path
    return Violation(reason, path or written, f"sets {written}: {why}", place=written if path else None)


def unsupported(node: Node, supported: Iterable[str], reason: Reason = Reason.VALUE) -> Violation:
    """The field holds a word that is none of those supported."""
    words = ", ".join(sorted(supported))
    return Violation(reason, node.path, f"sets {node.path} to {show_value(node)}: supported values are {words}")


def duplicate(node: Node, reason: Reason = Reason.VALUE, *, what: str | None = None) -> Violation:
    """An earlier entry of the list holds the same value."""
    return Violation(reason, node.path, f"repeats {what or show_value(node)} at {node.path}")


def rename_path(fault: Violation, path: str) -> Violation:
    """The complaint under the name that the server gives the field, where it names another one than shows it."""
    return fault if fault.path == path else fault._replace(path=path, place=fault.place or fault.path)


def warn(node: Node, what: str, reason: Reason, certainty: Certainty = Certainty.POSTURE) -> Violation:
    """The server accepts the field with a warning; `what` is a clause of its own, or says something of the field."""
    joined = f", which {what}" if what.startswith(_VERBS) else f": {what}"
    return Violation(reason, node.path, f"sets {node.path}{joined}", certainty)


def show_value(node: Node) -> str:
    """The value as a message may print it; of what may be a secret only that it is a value."""
    value = node.value
    if is_confidential(node) and not isinstance(value, list | dict | NoneType):
        return "a value"
    if isinstance(value, str):
        value = redact_credentials(value)
        return f'"{value}"' if len(value) <= 60 else f'"{value[:60]}…"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return "nothing" if value is None else "a list" if isinstance(value, list) else "a mapping"
