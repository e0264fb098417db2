"""Which rule reports what the lower rooms complain of: the one table from their reasons to ids of rules."""

from __future__ import annotations

from kubeqed.apiserver.reason import Reason
from kubeqed.parse import ProblemKind

UNREADABLE = "parse-error"
INTENT_REFUTED = "intent-refuted"
INTENT_WITHOUT_PACKETS = "intent-without-packets"
INTENT_NAMESPACE = "intent-namespace-missing"
RULE_OF_PROBLEM = {ProblemKind.NOT_READABLE: UNREADABLE, ProblemKind.KEY_TWICE: "key-defined-twice"}
# Several ports with one fault are one mistake of these rules, whose list one edit puts right.
MERGED = frozenset({"service-port-ambiguous", "service-type-forbids-field"})
RULE_OF_REASON = {
    Reason.LISTENER_CONFLICT: "listener-conflict",
    Reason.API_REMOVED: "api-removed",
    Reason.FIELD_DEPRECATED: "field-deprecated",
    Reason.FIELD_IGNORED: "field-ignored",
    Reason.FIELD_UNKNOWN: "field-unknown",
    Reason.SCALAR_MISREAD: "scalar-misread",
    Reason.VALUE: "value-rejected",
    Reason.CLUSTER_IP_CLASH: "cluster-ip-clash",
    Reason.EXTERNAL_NAME: "external-name-not-a-host",
    Reason.NODE_PORT_CLASH: "node-port-clash",
    Reason.NODE_PORT_RANGE: "node-port-out-of-range",
    Reason.SERVICE_PORT_AMBIGUOUS: "service-port-ambiguous",
    Reason.SERVICE_TYPE: "service-type-forbids-field",
    Reason.CONTAINER_PORT_CLASH: "container-port-clash",
    Reason.HOST_PORT_CLASH: "host-port-clash",
    Reason.TEMPLATE_LABELS: "template-not-selected",
}
