"""What the tool would refuse, and what cannot be known here."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from kubeqed.build.node import OriginNode
from kubeqed.parse import Place

HELM = "helm"


class RefusalCause(Enum):
    """What a refusal rests on: the text of the files alone, a file that is not there and may still be made, or an object.

    What an object lacks may be for want of something that was refused before. OUTSIDE is a file above the kustomization,
    which the tool reads if it is asked to, EDITED a label or an annotation that is not there, which `kustomize edit` may still write,
    VERSION what older versions of the tool build, or a chart that another version of Kubernetes takes, VALUES what a chart does at values that others may be given for.
    """

    TEXT = auto()
    OBJECT = auto()
    NO_FILE = auto()
    OUTSIDE = auto()
    EDITED = auto()
    VERSION = auto()
    VALUES = auto()


class Refusal(NamedTuple):
    """What a tool refuses: where, and in its own words as far as they name no place of a machine and no value."""

    place: Place
    reason: str
    cause: RefusalCause = RefusalCause.TEXT
    tool: str = "kustomize"


class RemarkKind(Enum):
    """What is said of a value of a chart: that nothing reads it, or that nothing defines it."""

    UNREAD = auto()
    UNDEFINED = auto()


class Remark(NamedTuple):
    """Something in a chart that works, and is probably not what was meant: a value, by its path, and where it stands or is read."""

    kind: RemarkKind
    place: Place
    value: str


class Unbuilt(NamedTuple):
    """A part that is not built: where it is asked for, and why. `gave_up` says that it would cost too much."""

    place: Place
    reason: str
    gave_up: bool = False


class RefusalError(Exception):
    """The tool refuses what is being done; the place is that of the entry that asks for it, unless one is given."""

    def __init__(self, reason: str, place: Place | None = None, cause: RefusalCause = RefusalCause.TEXT) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.cause = cause


class UnbuiltError(Exception):
    """What is being done cannot be done here, and why. `gave_up` says that it would cost too much."""

    def __init__(self, reason: str, *, gave_up: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.gave_up = gave_up

    def at(self, place: Place) -> Unbuilt:
        """The part that is not built."""
        return Unbuilt(place, self.reason, self.gave_up)


def node_kind(node: OriginNode) -> str:
    """What kyaml calls a node of its kind."""
    if isinstance(node.value, dict):
        return "MappingNode"
    return "SequenceNode" if isinstance(node.value, list) else "ScalarNode"
