"""One hand-made report that holds everything a format can be asked to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubeqed.diagnostic import (
    Certainty,
    Diagnostic,
    Evidence,
    EvidenceFact,
    EvidenceUnknown,
    Notice,
    NoticeKind,
    ObjectKey,
    Related,
    Severity,
    Span,
)
from kubeqed.parse import split_lines
from kubeqed.report import CheckResult, Options, RuleDescription, Summary, UnitSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  number: 8081
"""

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort
  selector: {app: web}
  ports:
    - port: 8080
      nodePort: 30080
---
apiVersion: v1
kind: Service
metadata: {name: "商店", namespace: shop, annotations: {note: "e\u0301té 👩‍💻"}}
spec:
  selector: {app: \tweb, tier: 前端, owner: "a very long value that makes this line longer than any terminal is wide, so that it is cut around the fault"}
"""

FILES = {"shop/ingress.yaml": INGRESS, "shop/service.yaml": SERVICE}


def lines(file: str) -> Sequence[str]:
    return split_lines(FILES[file]) if file in FILES else ()


def spot(file: str, text: str, nth: int = 0) -> Span:
    """The span of the nth occurrence of a text in a file of the sample."""
    at = -1
    for _ in range(nth + 1):
        at = FILES[file].index(text, at + 1)
    line = FILES[file].count("\n", 0, at) + 1
    column = at - (FILES[file].rfind("\n", 0, at) + 1) + 1
    return Span(file, line, column, line, column + len(text))


WEB = ObjectKey("networking.k8s.io/v1", "Ingress", "shop", "web")
SERVICE_WEB = ObjectKey("v1", "Service", "shop", "web")
SHOP = ObjectKey("v1", "Service", "shop", "商店")

BACKEND = Diagnostic(
    rule="backend-port-missing",
    certainty=Certainty.PROVED,
    severity=Severity.ERROR,
    message="Ingress shop/web sends traffic to port 8081 of Service shop/web, which has no such port",
    span=spot("shop/ingress.yaml", "8081"),
    related=(
        Related(spot("shop/service.yaml", "8080"), "the Service offers spec.ports[0].port", SERVICE_WEB),
        Related(spot("shop/ingress.yaml", "number"), "by number, not by name", None),
    ),
    suggestion="name port 8080",
    units=("shop",),
    object=WEB,
    path="spec.rules[0].http.paths[0].backend.service.port.number",
    evidence=Evidence(
        "Fails",
        (
            EvidenceFact("port number of the backend is 8081", spot("shop/ingress.yaml", "8081")),
            EvidenceFact("port of Service shop/web is 8080", spot("shop/service.yaml", "8080")),
            EvidenceFact("Service shop/web has no other ports", None),
        ),
        (),
        (("from", "IngressController"), ("to", "Service shop/web"), ("port", "TCP 8081")),
    ),
    fingerprint="backend-port-missing networking.k8s.io/Ingress shop/web spec.rules[0].http.paths[0].backend.service.port.number",
)

SELECTS = Diagnostic(
    rule="service-selects-nothing",
    certainty=Certainty.LIKELY,
    severity=Severity.WARNING,
    message="Service shop/商店 selects no pod, so it has no endpoint",
    span=spot("shop/service.yaml", "前端"),
    units=("shop",),
    object=SHOP,
    path="spec.selector.tier",
    evidence=Evidence(
        "Depends",
        (EvidenceFact("no workload of the unit has the label tier=前端", None),),
        (EvidenceUnknown("objects", "objects that another unit may create", None),),
        None,
    ),
    fingerprint="service-selects-nothing Service shop/商店 spec.selector.tier",
)

NODE_PORT = Diagnostic(
    rule="node-port-out-of-range",
    certainty=Certainty.POSSIBLE,
    severity=Severity.NOTE,
    message="Service shop/web takes nodePort 30080, which another Service may hold: 100% <b>taken</b> | really",
    span=spot("shop/service.yaml", "30080"),
    units=("shop",),
    object=SERVICE_WEB,
    path="spec.ports[0].nodePort",
    fingerprint="node-port-out-of-range Service shop/web spec.ports[0].nodePort",
)

RULES = {
    "backend-port-missing": RuleDescription(
        "backend-port-missing",
        "ingress",
        "backend names a port that its Service does not have",
        "An Ingress sends traffic to a port that its Service does not offer.\n\n"
        "The controller answers 503 for every request. Name a port of `spec.ports`.",
        Certainty.PROVED,
        "0.1",
        ("https://kubernetes.io/docs/concepts/services-networking/ingress/",),
    ),
    "node-port-out-of-range": RuleDescription(
        "node-port-out-of-range", "service", "nodePort is out of range", "", Certainty.REJECTED, "0.1"
    ),
    "service-selects-nothing": RuleDescription(
        "service-selects-nothing",
        "service",
        "Service selects no pod",
        "A Service selects no pod of the unit.\n\nIt has no endpoints.",
        Certainty.LIKELY,
        "0.1",
        exposure=True,
    ),
}

REPORT = CheckResult(
    findings=(BACKEND, NODE_PORT, SELECTS),
    notices=(
        Notice(NoticeKind.SKIPPED_TEMPLATE, Span("shop/chart.yaml", 1, 1, 1, 2), "a template; render it first"),
        Notice(
            NoticeKind.INTERNAL_ERROR,
            None,
            "rule policy-not-enforced failed",
            'Traceback (most recent call last):\n  File "rule.py", line 3, in check\nValueError: no such cell: 3\n',
        ),
    ),
    units=(UnitSummary("shop", "open", False, 3),),
    summary=Summary(3, 4, 3, error=1, warning=1, note=1, hidden=2, suppressed=1, gave_up=1),
    caveats=("the unit shop was guessed from its directory; state it with `units:` in kubeqed.yaml",),
    rules=RULES,
    version="0.1.0",
)

CLEAN = REPORT._replace(findings=(), notices=(), caveats=(), summary=Summary(3, 4, 3, error=0, warning=0, note=0))

OPTIONS = Options(lines=lines, visible_lines=lines, repository_root="/repository", evidence=True, width=80)


def options_at(root: str) -> Options:
    """As if the working directory were the root of the repository."""
    return OPTIONS._replace(repository_root=root)
