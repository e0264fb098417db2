"""Why the API server complains: the sorts of complaints that kubeqed tells apart. Which rule reports each is known in `rule/`."""

from __future__ import annotations

from enum import Enum, auto


class Reason(Enum):
    """The sort of a complaint; VALUE is every refusal that has no sort of its own."""

    LISTENER_CONFLICT = auto()
    API_REMOVED = auto()
    FIELD_DEPRECATED = auto()
    FIELD_IGNORED = auto()
    FIELD_UNKNOWN = auto()
    SCALAR_MISREAD = auto()
    VALUE = auto()
    CLUSTER_IP_CLASH = auto()
    EXTERNAL_NAME = auto()
    NODE_PORT_CLASH = auto()
    NODE_PORT_RANGE = auto()
    SERVICE_PORT_AMBIGUOUS = auto()
    SERVICE_TYPE = auto()
    CONTAINER_PORT_CLASH = auto()
    HOST_PORT_CLASH = auto()
    TEMPLATE_LABELS = auto()
