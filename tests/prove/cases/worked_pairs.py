"""Pairs of policy sets whose difference was worked out by hand: equivalent, or what the new one allows more and less."""

from __future__ import annotations

from typing import NamedTuple

from tests.prove.cases.worked_intents import anp, cnp, np


class WorkedPair(NamedTuple):
    """Two sets of policies; `gained` and `lost` are what the second allows more, and less, to anybody."""

    name: str
    old: str
    new: str
    gained: bool = False
    lost: bool = False


DB = "podSelector: {matchLabels: {app: db}}"
FROM_CACHE = "{from: [{podSelector: {matchLabels: {app: cache}}}], ports: [{port: 5432}]}"
FROM_WEB = "{from: [{namespaceSelector: {matchLabels: {team: front}}}]}"


def db(*rules: str, more: str = "", name: str = "db") -> str:
    return np(name, "payments", f"{{{DB}, ingress: [{', '.join(rules)}]{more}}}")


def peers(*several: str, ports: str = "") -> str:
    more = f", ports: [{ports}]" if ports else ""
    return f"{{from: [{', '.join(several)}]{more}}}"


def ports(several: str) -> str:
    return f"{{ports: [{several}]}}"


def pods(selector: str) -> str:
    return f"{{podSelector: {selector}}}"


def block(cidr: str, *holes: str) -> str:
    listed = ", ".join(holes)
    more = f", except: [{listed}]" if holes else ""
    return f"{{ipBlock: {{cidr: '{cidr}'{more}}}}}"


EVERYBODY = "{namespaces: {}}"
ALL_PORTS = "{protocol: TCP}, {protocol: UDP}, {protocol: SCTP}"

PAIRS = [
    WorkedPair("rules in another order", db(FROM_CACHE, FROM_WEB), db(FROM_WEB, FROM_CACHE)),
    WorkedPair("policyTypes as they default to", db(FROM_CACHE), db(FROM_CACHE, more=", policyTypes: [Ingress]")),
    WorkedPair(
        "policyTypes as they default to with egress",
        db(FROM_CACHE, more=", egress: [{}]"),
        db(FROM_CACHE, more=", egress: [{}], policyTypes: [Ingress, Egress]"),
    ),
    WorkedPair(
        "an empty egress without policyTypes governs nothing",
        db(FROM_CACHE, more=", egress: []"),
        db(FROM_CACHE, more=", egress: [], policyTypes: [Ingress, Egress]"),
        lost=True,
    ),
    WorkedPair("an empty egress, or none", db(FROM_CACHE, more=", egress: []"), db(FROM_CACHE)),
    WorkedPair("no peers, or an empty list of them", db("{from: [], ports: [{port: 80}]}"), db(ports("{port: 80}"))),
    WorkedPair(
        "no ports, or an empty list of them",
        db("{from: [{podSelector: {}}], ports: []}"),
        db(peers("{podSelector: {}}")),
    ),
    WorkedPair("no rule, or one that allows everything", db(), db("{}"), gained=True),
    WorkedPair("an empty list of rules, or none", np("db", "payments", f"{{{DB}}}"), db()),
    WorkedPair(
        "two rules, or one of two peers",
        db(
            peers(pods("{matchLabels: {app: a}}"), ports="{port: 1}"),
            peers(pods("{matchLabels: {app: b}}"), ports="{port: 1}"),
        ),
        db(peers(pods("{matchLabels: {app: a}}"), pods("{matchLabels: {app: b}}"), ports="{port: 1}")),
    ),
    WorkedPair(
        "two rules, or one of all peers and all ports",
        db(
            peers(pods("{matchLabels: {app: a}}"), ports="{port: 1}"),
            peers(pods("{matchLabels: {app: b}}"), ports="{port: 2}"),
        ),
        db(peers(pods("{matchLabels: {app: a}}"), pods("{matchLabels: {app: b}}"), ports="{port: 1}, {port: 2}")),
        gained=True,
    ),
    WorkedPair(
        "a label, or an expression of one value",
        db(peers(pods("{matchLabels: {app: a}}"))),
        db(peers(pods("{matchExpressions: [{key: app, operator: In, values: [a]}]}"))),
    ),
    WorkedPair(
        "two values, or two peers",
        db(peers(pods("{matchExpressions: [{key: app, operator: In, values: [a, b]}]}"))),
        db(peers(pods("{matchLabels: {app: b}}"), pods("{matchLabels: {app: a}}"))),
    ),
    WorkedPair(
        "NotIn is another value or none",
        db(peers(pods("{matchExpressions: [{key: app, operator: NotIn, values: [a]}]}"))),
        db(
            peers(
                pods("{matchExpressions: [{key: app, operator: NotIn, values: [a]}, {key: app, operator: Exists}]}"),
                pods("{matchExpressions: [{key: app, operator: DoesNotExist}]}"),
            )
        ),
    ),
    WorkedPair(
        "NotIn is more than another value",
        db(peers(pods("{matchExpressions: [{key: app, operator: NotIn, values: [a]}, {key: app, operator: Exists}]}"))),
        db(peers(pods("{matchExpressions: [{key: app, operator: NotIn, values: [a]}]}"))),
        gained=True,
    ),
    WorkedPair(
        "a block, or its halves", db(peers(block("10.0.0.0/8"))), db(peers(block("10.128.0.0/9"), block("10.0.0.0/9")))
    ),
    WorkedPair(
        "a hole that another block fills in part",
        db(peers(block("10.0.0.0/8", "10.1.0.0/16"))),
        db(peers(block("10.0.0.0/8", "10.1.0.0/16"), block("10.1.2.0/24"))),
        gained=True,
    ),
    WorkedPair(
        "a hole that another block fills",
        db(peers(block("10.0.0.0/8", "10.1.0.0/16"), block("10.1.0.0/16"))),
        db(peers(block("10.0.0.0/8"))),
    ),
    WorkedPair(
        "a hole within a hole",
        db(peers(block("10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24"))),
        db(peers(block("10.0.0.0/8", "10.1.0.0/16"))),
    ),
    WorkedPair(
        "IPv6 besides", db(peers(block("0.0.0.0/0"))), db(peers(block("0.0.0.0/0"), block("::/0"))), gained=True
    ),
    WorkedPair("bits of the host in a block", db(peers(block("10.1.2.3/8"))), db(peers(block("10.0.0.0/8")))),
    WorkedPair("two ports, or a range", db(ports("{port: 80}, {port: 81}")), db(ports("{port: 80, endPort: 81}"))),
    WorkedPair(
        "ranges that touch",
        db(ports("{port: 1, endPort: 100}, {port: 101, endPort: 200}")),
        db(ports("{port: 1, endPort: 200}")),
    ),
    WorkedPair("a range of one", db(ports("{port: 80, endPort: 80}")), db(ports("{port: 80}"))),
    WorkedPair("a number, or a name", db(ports("{port: 5432}")), db(ports("{port: pg}")), gained=True, lost=True),
    WorkedPair("TCP unless a rule says otherwise", db(ports("{port: 80}")), db(ports("{port: 80, protocol: TCP}"))),
    WorkedPair("all protocols", db("{}"), db(ports(ALL_PORTS))),
    WorkedPair("all but SCTP", db(ports("{protocol: TCP}, {protocol: UDP}")), db("{}"), gained=True),
    WorkedPair(
        "pods of all namespaces",
        db(peers("{namespaceSelector: {}}")),
        db(peers("{namespaceSelector: {}, podSelector: {}}")),
    ),
    WorkedPair(
        "the own namespace by its name",
        db(peers(pods("{}"))),
        db(peers("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: payments}}}")),
    ),
    WorkedPair(
        "all namespaces, or the own one", db(peers("{namespaceSelector: {}}")), db(peers(pods("{}"))), lost=True
    ),
    WorkedPair("everybody, or all pods", db("{}"), db(peers("{namespaceSelector: {}}")), lost=True),
    WorkedPair(
        "one policy, or two of one selector", db(FROM_CACHE, FROM_WEB), db(FROM_CACHE) + db(FROM_WEB, name="more")
    ),
    WorkedPair(
        "a default deny that isolates others",
        np("deny", "payments", "{podSelector: {}}") + db(FROM_CACHE),
        db(FROM_CACHE),
        gained=True,
    ),
    WorkedPair(
        "a default deny that isolates nobody else",
        np("deny", "payments", f"{{{DB}}}") + db(FROM_CACHE),
        db(FROM_CACHE),
    ),
    WorkedPair(
        "a policy of some of the pods that says the same",
        db(FROM_CACHE)
        + np("x", "payments", f"{{podSelector: {{matchLabels: {{app: db, tier: x}}}}, ingress: [{FROM_CACHE}]}}"),
        db(FROM_CACHE),
    ),
    WorkedPair(
        "all pods, or those with a label and those without",
        np("all", "payments", "{podSelector: {}}"),
        np("a", "payments", "{podSelector: {matchExpressions: [{key: app, operator: Exists}]}}")
        + np("b", "payments", "{podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}}"),
    ),
    WorkedPair(
        "both directions, or a policy each",
        np("both", "payments", "{podSelector: {}, policyTypes: [Ingress, Egress]}"),
        np("in", "payments", "{podSelector: {}, policyTypes: [Ingress]}")
        + np("out", "payments", "{podSelector: {}, policyTypes: [Egress]}"),
    ),
    WorkedPair("another name", db(FROM_CACHE), db(FROM_CACHE, name="other")),
    WorkedPair(
        "another namespace",
        np("a", "web", "{podSelector: {}}"),
        np("a", "payments", "{podSelector: {}}"),
        gained=True,
        lost=True,
    ),
    WorkedPair(
        "the default namespace, written or not",
        np("a", "default", "{podSelector: {}}"),
        "---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}}}\n",
    ),
    WorkedPair(
        "a rule that nobody meets",
        db(peers(pods("{matchExpressions: [{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]}"))),
        db(),
    ),
    WorkedPair(
        "names mean nothing outside of the cluster",
        np(
            "a",
            "web",
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: pg}]}]}",
        ),
        np("a", "web", "{podSelector: {}, policyTypes: [Egress]}"),
    ),
    WorkedPair(
        "administrators whose pods differ, in another order",
        anp(
            "a",
            f"{{priority: 1, subject: {{namespaces: {{matchLabels: {{x: a}}}}}}, ingress: [{{action: Deny, from: [{EVERYBODY}]}}]}}",
        )
        + anp(
            "b",
            f"{{priority: 2, subject: {{namespaces: {{matchLabels: {{x: b}}}}}}, ingress: [{{action: Allow, from: [{EVERYBODY}]}}]}}",
        ),
        anp(
            "a",
            f"{{priority: 2, subject: {{namespaces: {{matchLabels: {{x: a}}}}}}, ingress: [{{action: Deny, from: [{EVERYBODY}]}}]}}",
        )
        + anp(
            "b",
            f"{{priority: 1, subject: {{namespaces: {{matchLabels: {{x: b}}}}}}, ingress: [{{action: Allow, from: [{EVERYBODY}]}}]}}",
        ),
    ),
    WorkedPair(
        "administrators whose pods are the same, in another order",
        anp("a", f"{{priority: 1, subject: {EVERYBODY}, ingress: [{{action: Deny, from: [{EVERYBODY}]}}]}}")
        + anp("b", f"{{priority: 2, subject: {EVERYBODY}, ingress: [{{action: Allow, from: [{EVERYBODY}]}}]}}"),
        anp("a", f"{{priority: 2, subject: {EVERYBODY}, ingress: [{{action: Deny, from: [{EVERYBODY}]}}]}}")
        + anp("b", f"{{priority: 1, subject: {EVERYBODY}, ingress: [{{action: Allow, from: [{EVERYBODY}]}}]}}"),
        gained=True,
    ),
    WorkedPair(
        "an administrator who passes everything on",
        anp("a", f"{{priority: 1, subject: {EVERYBODY}, ingress: [{{action: Pass, from: [{EVERYBODY}]}}]}}")
        + db(FROM_CACHE),
        db(FROM_CACHE),
    ),
    WorkedPair(
        "an administrator who passes what another one denies",
        anp("b", f"{{priority: 2, subject: {EVERYBODY}, ingress: [{{action: Deny, from: [{EVERYBODY}]}}]}}"),
        anp("a", f"{{priority: 1, subject: {EVERYBODY}, ingress: [{{action: Pass, from: [{EVERYBODY}]}}]}}")
        + anp("b", f"{{priority: 2, subject: {EVERYBODY}, ingress: [{{action: Deny, from: [{EVERYBODY}]}}]}}"),
        gained=True,
    ),
    WorkedPair(
        "a baseline that allows",
        anp(
            "default",
            f"{{subject: {EVERYBODY}, ingress: [{{action: Allow, from: [{EVERYBODY}]}}]}}",
            "BaselineAdminNetworkPolicy",
        ),
        "",
    ),
    WorkedPair(
        "a baseline, of one kind or the other",
        anp(
            "default",
            f"{{subject: {EVERYBODY}, ingress: [{{action: Deny, from: [{EVERYBODY}]}}]}}",
            "BaselineAdminNetworkPolicy",
        ),
        cnp(
            "base",
            f"{{tier: Baseline, priority: 0, subject: {EVERYBODY}, ingress: [{{action: Deny, from: [{EVERYBODY}]}}]}}",
        ),
    ),
    WorkedPair(
        "a baseline under a policy that isolates",
        np("in", "payments", f"{{podSelector: {{}}, ingress: [{FROM_WEB}]}}")
        + anp(
            "default",
            "{subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: payments}}}, "
            f"ingress: [{{action: Deny, from: [{EVERYBODY}]}}]}}",
            "BaselineAdminNetworkPolicy",
        ),
        np("in", "payments", f"{{podSelector: {{}}, ingress: [{FROM_WEB}]}}"),
    ),
    WorkedPair(
        "what administrators deny need not be denied again, but addresses are not pods",
        anp("a", f"{{priority: 1, subject: {EVERYBODY}, ingress: [{{action: Deny, from: [{EVERYBODY}]}}]}}") + db(),
        anp("a", f"{{priority: 1, subject: {EVERYBODY}, ingress: [{{action: Deny, from: [{EVERYBODY}]}}]}}"),
        gained=True,
    ),
    WorkedPair(
        "networks of an administrator, whole or in halves",
        anp(
            "a", f"{{priority: 1, subject: {EVERYBODY}, egress: [{{action: Deny, to: [{{networks: [10.0.0.0/8]}}]}}]}}"
        ),
        anp(
            "a",
            f"{{priority: 1, subject: {EVERYBODY}, egress: [{{action: Deny, to: [{{networks: [10.0.0.0/9, 10.128.0.0/9]}}]}}]}}",
        ),
    ),
]
