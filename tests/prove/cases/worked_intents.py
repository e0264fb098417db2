"""Intents whose answers were worked out by hand from the specification: the traps of policies, one set of policies each.

Pods: payments/db (app=db, names TCP 5432 pg), payments/cache (app=cache, names TCP 6379 pg), web/front (app=front),
web/batch (role=batch, no app), monitoring/prom (app=prom), monitoring/node (app=node, of the host network). Namespaces declared:
payments (team=pay), web (team=front), monitoring.
"""

from __future__ import annotations

from typing import NamedTuple

PODS = """
{apiVersion: v1, kind: Namespace, metadata: {name: payments, labels: {team: pay}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: web, labels: {team: front}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: monitoring}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: payments, labels: {app: db}},
 spec: {containers: [{name: c, image: x, ports: [{name: pg, containerPort: 5432}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: cache, namespace: payments, labels: {app: cache}},
 spec: {containers: [{name: c, image: x, ports: [{name: pg, containerPort: 6379}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: front, namespace: web, labels: {app: front}},
 spec: {containers: [{name: c, image: x, ports: [{name: pg, protocol: UDP, containerPort: 5432}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: batch, namespace: web, labels: {role: batch}}, spec: {containers: [{name: c, image: x}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: prom, namespace: monitoring, labels: {app: prom}}, spec: {containers: [{name: c, image: x}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: node, namespace: monitoring, labels: {app: node}},
 spec: {hostNetwork: true, containers: [{name: c, image: x}]}}
"""

DB = "{namespace: payments, pods: {matchLabels: {app: db}}}"
CACHE = "{namespace: payments, pods: {matchLabels: {app: cache}}}"
FRONT = "{namespace: web, pods: {matchLabels: {app: front}}}"
BATCH = "{namespace: web, pods: {matchLabels: {role: batch}}}"
PROM = "{namespace: monitoring, pods: {matchLabels: {app: prom}}}"
NODE = "{namespace: monitoring, pods: {matchLabels: {app: node}}}"
PAY, WEB, OPS = "{namespace: payments}", "{namespace: web}", "{namespace: monitoring}"
ANY = "{scope: any-pod}"


class WorkedSet(NamedTuple):
    """Policies, and claims with whether they hold."""

    name: str
    policies: str
    claims: list[tuple[bool, str]]


def np(name: str, namespace: str, spec: str) -> str:
    return f"---\n{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: {name}, namespace: {namespace}}}, spec: {spec}}}\n"


def anp(name: str, spec: str, kind: str = "AdminNetworkPolicy") -> str:
    return f"---\n{{apiVersion: policy.networking.k8s.io/v1alpha1, kind: {kind}, metadata: {{name: {name}}}, spec: {spec}}}\n"


def cnp(name: str, spec: str) -> str:
    return f"---\n{{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {{name: {name}}}, spec: {spec}}}\n"


def claim(source: str, destination: str, expect: str, *, ports: str = "", less: str = "") -> str:
    more = (f", ports: [{ports}]" if ports else "") + (f", except: [{less}]" if less else "")
    return f"{{name: x, from: {source}, to: {destination}, expect: {expect}{more}}}"


def allowed(source: str, destination: str, ports: str = "", less: str = "") -> str:
    return claim(source, destination, "allowed", ports=ports, less=less)


def denied(source: str, destination: str, ports: str = "", less: str = "") -> str:
    return claim(source, destination, "denied", ports=ports, less=less)


SETS = [
    WorkedSet(
        "no policy at all",
        "",
        [
            (True, allowed("all", "all")),
            (True, allowed("external", "all")),
            (True, allowed(ANY, ANY)),
            (False, "default-deny"),
            (True, "{use: dns-reachable, scope: any-pod}"),
            (False, "isolated-namespaces"),
        ],
    ),
    WorkedSet(
        "a named port, no policyTypes, a selector without namespaceSelector",
        np(
            "db",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: cache}}}], ports: [{port: pg}]}]}",
        ),
        [
            (True, allowed(CACHE, DB, "TCP/5432")),
            (True, denied(CACHE, DB, "TCP/6379")),
            (False, denied(CACHE, DB)),
            (True, denied("all", DB, less=f"{{from: {CACHE}}}")),
            (True, denied("external", DB)),
            (True, denied("{scope: any-pod, pods: {matchLabels: {app: cache}}}", DB, less=f"{{from: {CACHE}}}")),
            (True, denied("{scope: any-pod, namespaces: [web, monitoring]}", DB)),
            (True, allowed(ANY, CACHE)),
            (True, allowed(DB, "internet")),
            (
                False,
                denied("all", "{scope: any-pod, pods: {matchLabels: {app: db}}}", "TCP/5432", f"{{from: {CACHE}}}"),
            ),
            # A db pod that somebody deploys need not call 5432 pg.
            (
                False,
                allowed(CACHE, "{namespace: payments, pods: {matchLabels: {app: db}}, scope: any-pod}", "TCP/5432"),
            ),
            # Nor need it call another port otherwise.
            (False, denied(CACHE, "{namespace: payments, pods: {matchLabels: {app: db}}, scope: any-pod}", "TCP/80")),
            (True, denied(CACHE, "{namespace: payments, pods: {matchLabels: {app: db}}, scope: any-pod}", "UDP/5432")),
        ],
    ),
    WorkedSet(
        "default deny of ingress, and namespaces by label",
        np("deny", "payments", "{podSelector: {}, policyTypes: [Ingress]}")
        + np(
            "db",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: front}}}], ports: [{port: 5432}]}]}",
        ),
        [
            (True, allowed(WEB, DB, "TCP/5432")),
            (True, denied(WEB, CACHE)),
            (True, allowed("{scope: any-pod, namespaces: {matchLabels: {team: front}}}", DB, "TCP/5432")),
            (False, denied("{scope: any-pod, namespace: ghost}", DB)),
            (True, denied("{scope: any-pod, namespace: monitoring}", DB)),
            (False, "isolated-namespaces"),
            (
                True,
                f"{{use: isolated-namespaces, namespaces: [payments], except: [{{from: {WEB}, to: {DB}, ports: [TCP/5432]}}]}}",
            ),
            (
                False,
                f"{{use: isolated-namespaces, scope: any-pod, namespaces: [payments], except: [{{from: {WEB}, to: {DB}, ports: [TCP/5432]}}]}}",
            ),
            (False, "{use: default-deny, namespaces: [payments]}"),
            (False, "no-internet-ingress"),
            (True, "{use: no-internet-ingress, namespaces: [payments], scope: any-pod}"),
        ],
    ),
    WorkedSet(
        "names are resolved over UDP alone",
        np(
            "names",
            "web",
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{protocol: UDP, port: 53}]}]}",
        ),
        [
            (False, "dns-reachable"),
            (True, "{use: dns-reachable, namespaces: [payments]}"),
            (True, allowed(WEB, "dns", "UDP/53")),
            (False, allowed(WEB, "dns")),
            (True, denied(WEB, "internet")),
            (True, denied(WEB, "external")),
            (True, "{use: metadata-endpoint-denied, namespaces: [web]}"),
            (False, "no-internet-egress"),
            (True, allowed(WEB, WEB, "UDP/53")),
            (True, denied(WEB, PAY, "TCP/1-65535, SCTP/1-65535")),
        ],
    ),
    WorkedSet(
        "names over TCP alone, since a port without a protocol is TCP",
        np("names", "web", "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53}]}]}"),
        [
            (False, allowed(WEB, "dns", "UDP/53")),
            (True, allowed(WEB, "dns", "TCP/53")),
            (True, allowed(WEB, "internet", "TCP/53")),
        ],
    ),
    WorkedSet(
        "names of the own namespace alone",
        np("names", "web", "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}"),
        [(False, "dns-reachable"), (True, denied(WEB, "dns")), (True, allowed(WEB, WEB))],
    ),
    WorkedSet(
        "ipBlocks mean addresses outside",
        np(
            "db",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}",
        ),
        [
            (True, denied(WEB, DB)),
            (False, allowed("internet", DB)),
            (True, allowed("{addresses: [8.8.8.0/24]}", DB)),
            (True, denied('{addresses: ["2001:db8::/32"]}', DB)),
            (False, denied("internet", DB)),
        ],
    ),
    WorkedSet(
        "overlapping blocks with exceptions",
        np(
            "db",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {ipBlock: {cidr: 10.1.2.0/24}}]}]}",
        ),
        [
            (False, allowed("{addresses: [10.0.0.0/8]}", DB)),
            (False, denied("{addresses: [10.1.0.0/16]}", DB)),
            (True, allowed("{addresses: [10.1.2.0/24]}", DB)),
            (True, denied("{addresses: [10.1.3.0/24]}", DB)),
            (True, denied("internet", DB)),
            (True, denied("{addresses: [10.1.0.0/16]}", DB, less="{from: {addresses: [10.1.2.0/24]}}")),
        ],
    ),
    WorkedSet(
        "the host network",
        np("deny", "monitoring", "{podSelector: {}, policyTypes: [Ingress, Egress]}")
        + np(
            "front", "web", "{podSelector: {matchLabels: {app: front}}, ingress: [{from: [{namespaceSelector: {}}]}]}"
        ),
        [
            (False, denied(NODE, "internet")),
            (True, denied(PROM, "all")),
            (True, denied("all", PROM)),
            (False, denied("all", NODE)),
            (False, "{use: default-deny, namespaces: [monitoring]}"),
            (True, denied(NODE, FRONT)),
            (True, allowed(BATCH, FRONT)),
            (
                True,
                "{use: no-internet-ingress, namespaces: [web], except: [{to: {pods: {matchLabels: {role: batch}}}}]}",
            ),
        ],
    ),
    WorkedSet(
        "policyTypes without Ingress: rules of ingress are ignored",
        np("out", "web", "{podSelector: {}, policyTypes: [Egress], ingress: [{from: [{podSelector: {}}]}]}"),
        [
            (True, allowed(PAY, WEB)),
            (True, allowed("internet", WEB)),
            (True, denied(WEB, "all")),
            (True, denied(WEB, "external")),
        ],
    ),
    WorkedSet(
        "no policyTypes and rules of egress: both directions",
        np("out", "web", "{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}"),
        [
            (True, denied(PAY, WEB)),
            (True, denied(WEB, PAY)),
            (True, denied(WEB, WEB)),
            (True, "{use: default-deny, namespaces: [web], scope: any-pod}"),
        ],
    ),
    WorkedSet(
        "no policyTypes and an empty list of egress: ingress alone",
        np("in", "web", "{podSelector: {}, egress: []}"),
        [
            (True, denied("internet", WEB)),
            (True, allowed(WEB, "internet")),
            (True, denied(WEB, WEB)),
            (True, allowed(WEB, PAY)),
        ],
    ),
    WorkedSet(
        "a policy without a spec but for its selector",
        np("in", "web", "{podSelector: {}}"),
        [(True, denied("all", WEB)), (True, denied(ANY, "{namespace: web, scope: any-pod}"))],
    ),
    WorkedSet(
        "a rule without a word allows everything, so does an empty list of peers",
        np("a", "web", "{podSelector: {matchLabels: {app: front}}, ingress: [{}]}")
        + np("b", "web", "{podSelector: {matchLabels: {role: batch}}, ingress: [{from: []}]}"),
        [(True, allowed("external", WEB)), (True, allowed(ANY, WEB)), (True, allowed(NODE, WEB))],
    ),
    WorkedSet(
        "all namespaces, or the own one",
        np("all", "payments", "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {}}]}]}")
        + np("own", "payments", "{podSelector: {matchLabels: {app: cache}}, ingress: [{from: [{podSelector: {}}]}]}"),
        [
            (False, allowed(ANY, DB)),  # no selector means the node's network
            (True, allowed(ANY, DB, less=f"{{from: {NODE}}}")),
            (True, denied("external", DB)),
            (True, allowed("{namespace: payments, scope: any-pod}", CACHE)),
            (True, denied("{namespace: ghost, scope: any-pod}", CACHE)),
            (False, denied("all", CACHE)),
        ],
    ),
    WorkedSet(
        "both selectors in one peer, or two peers",
        np(
            "and",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: front}}, podSelector: {matchLabels: {app: front}}}]}]}",
        )
        + np(
            "or",
            "payments",
            "{podSelector: {matchLabels: {app: cache}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: front}}}, {podSelector: {matchLabels: {app: front}}}]}]}",
        ),
        [
            (True, denied(BATCH, DB)),
            (True, allowed(FRONT, DB)),
            (True, allowed(BATCH, CACHE)),
            (True, denied(DB, CACHE)),
            (False, denied("{namespace: payments, scope: any-pod}", CACHE)),
        ],
    ),
    WorkedSet(
        "ranges of ports, and SCTP",
        np(
            "db",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 8000, endPort: 8999}, {protocol: SCTP, port: 3868}]}]}",
        ),
        [
            (True, allowed("all", DB, "TCP/8000-8999")),
            (True, denied("all", DB, "TCP/9000-9999")),
            (True, denied("all", DB, "UDP/8500")),
            (False, denied("all", DB, "TCP/7999-8000")),
            (True, allowed("external", DB, "SCTP/3868")),
            (True, denied("external", DB, "TCP/3868")),
            (True, denied(ANY, DB, less="{ports: [TCP/8000-8999, SCTP/3868]}")),
        ],
    ),
    WorkedSet(
        "administrators pass, deny, and have a baseline",
        anp(
            "admin",
            "{priority: 10, subject: {namespaces: {}}, ingress: [{action: Pass, from: [{namespaces: {matchLabels: {team: pay}}}]}, {action: Deny, from: [{namespaces: {}}]}]}",
        )
        + anp(
            "default",
            "{subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}",
            "BaselineAdminNetworkPolicy",
        )
        + np(
            "db",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: cache}}}], ports: [{port: 5432}]}]}",
        ),
        [
            (True, allowed(CACHE, DB, "TCP/5432")),
            (True, denied(CACHE, DB, "TCP/80")),
            (True, denied(FRONT, DB)),
            (True, denied(DB, CACHE)),
            (True, allowed("external", CACHE)),
            (True, denied("external", DB)),
            (True, denied("{namespace: ghost, scope: any-pod}", CACHE)),
            (False, denied(ANY, "{namespaces: [web, monitoring], pods: {not: {matchLabels: {app: node}}}}")),
            (
                True,
                denied(
                    ANY,
                    "{namespaces: [web, monitoring], pods: {not: {matchLabels: {app: node}}}}",
                    less=f"{{from: {NODE}}}",
                ),
            ),
            (False, "default-deny"),
        ],
    ),
    WorkedSet(
        "an administrator allows what a namespace denies, in order of priority",
        anp("late", "{priority: 20, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}")
        + anp(
            "early",
            "{priority: 5, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]}]}",
        )
        + np("deny", "payments", "{podSelector: {}}"),
        [
            (True, allowed("{namespace: monitoring, scope: any-pod, pods: {not: {matchLabels: {app: node}}}}", PAY)),
            (True, denied(FRONT, WEB)),
            (True, denied("external", PAY)),
            (True, allowed("external", WEB)),
            (True, allowed(PROM, WEB)),
        ],
    ),
    WorkedSet(
        "the metadata of a cloud, by one family of addresses",
        cnp(
            "meta",
            "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [169.254.169.254/32]}]}]}",
        ),
        [
            (False, "metadata-endpoint-denied"),
            (True, denied("{namespaces: [payments, web], scope: any-pod}", "{addresses: [169.254.169.254/32]}")),
            (False, denied("all", "{addresses: [169.254.169.254/32]}")),  # the node's network is not governed
        ],
    ),
    WorkedSet(
        "the metadata of a cloud, by both",
        cnp(
            "meta",
            '{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [169.254.169.254/32, "fd00:ec2::254/128"]}]}]}',
        ),
        [
            (True, "{use: metadata-endpoint-denied, scope: any-pod, namespaces: [payments, web]}"),
            (True, "{use: metadata-endpoint-denied, except: [{from: {pods: {matchLabels: {app: node}}}}]}"),
        ],
    ),
    WorkedSet(
        "NotIn and DoesNotExist mean absent labels too",
        np("notin", "web", "{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [front]}]}}")
        + np(
            "none",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}}]}]}",
        ),
        [
            (True, denied("all", BATCH)),
            (True, allowed("all", FRONT)),
            (True, allowed(BATCH, DB)),
            (True, denied(FRONT, DB)),
            (True, denied("{scope: any-pod, pods: {matchExpressions: [{key: app, operator: Exists}]}}", DB)),
            (True, allowed("{scope: any-pod, pods: {not: {matchExpressions: [{key: app, operator: Exists}]}}}", DB)),
            (False, allowed("{scope: any-pod, pods: {not: {matchLabels: {app: front}}}}", DB)),
        ],
    ),
    WorkedSet(
        "namespaces by name, one of which nothing declares",
        np(
            "db",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [web, ghost]}]}}]}]}",
        ),
        [
            (True, allowed("{namespaces: [web, ghost], scope: any-pod}", DB)),
            (True, denied(ANY, DB, less="{from: {namespaces: [web, ghost]}}")),
            (True, denied("{namespace: other, scope: any-pod}", DB)),
        ],
    ),
    WorkedSet(
        "selectors that nothing meets",
        np(
            "db",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchExpressions: [{key: a, operator: In, values: [b]}, {key: a, operator: NotIn, values: [b]}]}}]}]}",
        )
        + np(
            "none",
            "web",
            "{podSelector: {matchExpressions: [{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]}}",
        ),
        [
            (True, denied(ANY, DB)),
            (True, denied("external", DB)),
            (True, allowed(ANY, "{namespace: web, scope: any-pod}")),
        ],
    ),
    WorkedSet(
        "one name for the ports of several pods",
        np("all", "payments", "{podSelector: {}, ingress: [{ports: [{port: pg}]}]}")
        + np(
            "out",
            "web",
            "{podSelector: {matchLabels: {app: front}}, policyTypes: [Egress], egress: [{ports: [{port: pg}]}]}",
        ),
        [
            (True, allowed(PROM, DB, "TCP/5432")),
            (True, denied("all", CACHE, "TCP/5432")),
            (True, allowed(PROM, CACHE, "TCP/6379")),
            (False, allowed(PROM, PAY, "TCP/5432")),
            (True, allowed(FRONT, DB, "TCP/5432")),
            (True, denied(FRONT, "internet")),
            # web/front calls UDP 5432 pg, and the rule is of TCP.
            (True, denied(FRONT, BATCH)),
        ],
    ),
    WorkedSet(
        "policies of one pod add up",
        np("a", "payments", "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: cache}}}]}]}")
        + np(
            "b",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: front}}}]}]}",
        ),
        [
            (True, allowed(CACHE, DB)),
            (True, allowed(WEB, DB)),
            (True, denied(WEB, CACHE)),
            (True, denied(OPS, PAY)),
            (True, denied(DB, CACHE)),
        ],
    ),
    WorkedSet(
        "both sides must let it through",
        np(
            "in",
            "payments",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: front}}}]}]}",
        )
        + np(
            "out",
            "web",
            "{podSelector: {matchLabels: {app: front}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}",
        ),
        [
            (True, denied(FRONT, DB)),
            (True, allowed(BATCH, DB)),
            (True, allowed(FRONT, "{addresses: [0.0.0.0/0]}")),
            (False, allowed(FRONT, "internet")),
        ],
    ),
    WorkedSet(
        "networks of administrators mean pods too",
        anp(
            "admin",
            "{priority: 1, subject: {namespaces: {matchLabels: {team: front}}}, egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]}",
        ),
        [
            (True, denied(WEB, PAY)),
            (True, allowed(PAY, WEB)),
            (False, denied(WEB, "internet")),
            (True, denied(WEB, "{addresses: [0.0.0.0/0]}")),
        ],
    ),
    WorkedSet(
        "what one policy denies another one allows, of ends in any namespace",
        np("deny", "payments", "{podSelector: {}, policyTypes: [Egress]}")
        + np("db", "payments", "{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress], egress: [{}]}"),
        [
            (False, denied("{scope: any-pod, namespaces: {matchLabels: {team: pay}}}", WEB)),
            (False, denied("{scope: any-pod, namespaces: {matchLabels: {team: pay}}}", "internet")),
            (True, denied("{scope: any-pod, namespace: payments, pods: {not: {matchLabels: {app: db}}}}", ANY)),
        ],
    ),
    WorkedSet(
        "what a baseline denies a policy allows",
        anp(
            "default",
            "{subject: {namespaces: {}}, egress: [{action: Deny, to: [{namespaces: {}}]}]}",
            "BaselineAdminNetworkPolicy",
        )
        + np("out", "payments", "{podSelector: {}, policyTypes: [Egress], egress: [{}]}"),
        [
            (False, denied("{scope: any-pod, namespaces: {matchLabels: {team: pay}}}", WEB)),
            (True, denied("{scope: any-pod, namespaces: {matchLabels: {team: front}}}", ANY, less=f"{{to: {NODE}}}")),
            (True, allowed("{scope: any-pod, namespace: payments}", "{scope: any-pod, namespaces: [web]}")),
        ],
    ),
]
