"""Random objects whose names and labels meet, so that renaming one of them has something to do in the others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

Tree = dict[str, Any]
Names = st.SearchStrategy[str]


class Plain(str):
    """A scalar that is written without quotes."""

    __slots__ = ()


NAMES = st.sampled_from(("web", "db", "conf"))
SPACES = st.sampled_from(("shop", "prod"))
KEYS = st.sampled_from(("app", "tier", "example.com/part"))
TEXTS = st.sampled_from(
    (
        "web",
        "db",
        "${X}",
        "a-${X}",
        "{{ .x }}",
        "1",
        "true",
        "",
        "a b",
        "x: y",
        "*",
        "null",
        "on",
        "0644",
        "1e3",
        "2024-01-01",
        "a\nb\n",
    )
)
SCALARS = st.one_of(
    TEXTS,
    st.sampled_from(
        [
            Plain(text)
            for text in ("0644", "1.10", "yes", "1e3", "0x1F", "2024-01-01", "-0", "1_000", "~", "12345678901")
        ]
    ),
    st.sampled_from((1, 80, 8080, True, 2.5, None)),
)
LABELS = st.dictionaries(KEYS, st.sampled_from(("web", "db", "${X}")), max_size=2)
SOME_LABELS = st.dictionaries(KEYS, st.sampled_from(("web", "db", "${X}")), min_size=1, max_size=2)
ANNOTATIONS = st.dictionaries(st.sampled_from(("note", "example.com/conf")), TEXTS, max_size=2)
IMAGES = st.sampled_from(
    ("nginx", "nginx:1.25", "registry:5000/shop/web:v1", "shop/web@sha256:" + "a" * 64, "nginx:1@sha256:" + "b" * 64)
)


def optional(required: dict[str, Any], **others: Any) -> st.SearchStrategy[Tree]:
    """Maps with the required entries and any of the others."""
    return st.fixed_dictionaries(required, optional=others)


def some(items: st.SearchStrategy[Any], by: str = "name", most: int = 2) -> st.SearchStrategy[list[Any]]:
    """Lists of one item or more, each with a name of its own."""
    return st.lists(items, min_size=1, max_size=most, unique_by=lambda item: str(item.get(by)))


def ports(field: str, numbers: Sequence[int], names: Sequence[str], **others: Any) -> st.SearchStrategy[list[Any]]:
    """Lists of ports, whose number stands in a field."""
    named = {"name": st.sampled_from(names), "protocol": st.sampled_from(("TCP", "UDP"))}
    return some(optional({field: st.sampled_from(numbers)}, **named, **others), field)


SELECTORS = optional({}, matchLabels=LABELS)
PORTS = ports("containerPort", (80, 443), ("http", "dns"))
ENTRY = st.one_of(
    st.fixed_dictionaries({"value": TEXTS}),
    *(
        st.fixed_dictionaries(
            {
                "valueFrom": st.fixed_dictionaries(
                    {f"{kind}KeyRef": st.fixed_dictionaries({"name": NAMES, "key": st.just("k")})}
                )
            }
        )
        for kind in ("configMap", "secret")
    ),
)
ENVIRONMENT = some(st.tuples(st.sampled_from(("A", "B", "C")), ENTRY).map(lambda pair: {"name": pair[0], **pair[1]}))
FROM = st.lists(
    st.one_of(
        *(st.fixed_dictionaries({ref: st.fixed_dictionaries({"name": NAMES})}) for ref in ("configMapRef", "secretRef"))
    ),
    min_size=1,
    max_size=2,
)
CONTAINERS = some(
    optional(
        {"name": st.sampled_from(("web", "side"))},
        image=IMAGES,
        ports=PORTS,
        env=ENVIRONMENT,
        envFrom=FROM,
        args=st.lists(st.sampled_from(("run", "$(A)", "--x=1")), min_size=1, max_size=3),
        volumeMounts=some(
            st.fixed_dictionaries({"name": st.just("v"), "mountPath": st.sampled_from(("/a", "/b"))}), "mountPath"
        ),
    )
)
VOLUMES = some(
    st.one_of(
        st.fixed_dictionaries(
            {
                "name": st.just("v"),
                "configMap": optional({"name": NAMES}, defaultMode=st.sampled_from((420, Plain("0644")))),
            }
        ),
        st.fixed_dictionaries({"name": st.just("s"), "secret": st.fixed_dictionaries({"secretName": NAMES})}),
        st.fixed_dictionaries(
            {"name": st.just("c"), "persistentVolumeClaim": st.fixed_dictionaries({"claimName": NAMES})}
        ),
        st.fixed_dictionaries({"name": st.just("e"), "emptyDir": st.just({})}),
    )
)
PODS = optional(
    {"containers": CONTAINERS},
    initContainers=CONTAINERS,
    volumes=VOLUMES,
    serviceAccountName=NAMES,
    imagePullSecrets=some(st.fixed_dictionaries({"name": NAMES})),
    nodeSelector=LABELS,
)
TEMPLATES = optional({"spec": PODS}, metadata=optional({}, labels=LABELS, annotations=ANNOTATIONS))
PEERS = st.lists(optional({}, podSelector=SELECTORS, namespaceSelector=SELECTORS), min_size=1, max_size=2)
REFERENCE = optional(
    {"kind": st.sampled_from(("Deployment", "StatefulSet")), "name": NAMES}, apiVersion=st.just("apps/v1")
)
SUBJECTS = st.lists(
    optional(
        {"kind": st.sampled_from(("ServiceAccount", "User")), "name": st.one_of(NAMES, st.just("default"))},
        namespace=SPACES,
    ),
    min_size=1,
    max_size=2,
)
BACKENDS = st.fixed_dictionaries(
    {"service": st.fixed_dictionaries({"name": NAMES, "port": st.fixed_dictionaries({"number": st.just(80)})})}
)
RULES = st.lists(
    optional(
        {},
        host=st.just("a.example.com"),
        http=st.fixed_dictionaries(
            {
                "paths": st.lists(
                    st.fixed_dictionaries({"path": st.just("/"), "backend": BACKENDS}), min_size=1, max_size=2
                )
            }
        ),
    ),
    min_size=1,
    max_size=2,
)
DATA = st.dictionaries(st.sampled_from(("k", "l.yaml")), TEXTS, max_size=2)
ROLE = st.sampled_from(("Role", "ClusterRole"))

# apiVersion and kind, whether it lives in a namespace, and what it has beside metadata.
KINDS: dict[str, tuple[str, bool, st.SearchStrategy[Tree]]] = {
    "Deployment": (
        "apps/v1",
        True,
        optional({"spec": optional({"template": TEMPLATES}, selector=SELECTORS, replicas=st.sampled_from((0, 1, 3)))}),
    ),
    "StatefulSet": (
        "apps/v1",
        True,
        optional(
            {
                "spec": optional(
                    {"template": TEMPLATES, "serviceName": NAMES},
                    selector=SELECTORS,
                    replicas=st.just(2),
                    volumeClaimTemplates=some(
                        st.fixed_dictionaries({"metadata": optional({"name": NAMES}, labels=LABELS)}), "metadata"
                    ),
                )
            }
        ),
    ),
    "DaemonSet": ("apps/v1", True, optional({"spec": optional({"template": TEMPLATES}, selector=SELECTORS)})),
    "Job": ("batch/v1", True, optional({"spec": optional({"template": TEMPLATES}, selector=SELECTORS)})),
    "CronJob": (
        "batch/v1",
        True,
        st.fixed_dictionaries(
            {
                "spec": optional(
                    {
                        "schedule": st.just("* * * * *"),
                        "jobTemplate": st.fixed_dictionaries({"spec": st.fixed_dictionaries({"template": TEMPLATES})}),
                    }
                )
            }
        ),
    ),
    "Pod": ("v1", True, st.fixed_dictionaries({"spec": PODS})),
    "Service": (
        "v1",
        True,
        st.fixed_dictionaries(
            {
                "spec": optional(
                    {
                        "ports": some(
                            optional(
                                {"port": st.sampled_from((80, 443))},
                                name=st.sampled_from(("http", "dns")),
                                protocol=st.sampled_from(("TCP", "UDP")),
                                targetPort=st.sampled_from(("http", 80)),
                            ),
                            "port",
                        )
                    },
                    selector=LABELS,
                )
            }
        ),
    ),
    "ConfigMap": ("v1", True, optional({}, data=DATA)),
    "Secret": ("v1", True, optional({}, stringData=DATA, data=st.just({"k": "YQ=="}), type=st.just("Opaque"))),
    "ServiceAccount": ("v1", True, optional({}, imagePullSecrets=some(st.fixed_dictionaries({"name": NAMES})))),
    "PersistentVolumeClaim": ("v1", True, st.just({"spec": {"volumeName": "web"}})),
    "Namespace": ("v1", False, st.just({})),
    "Ingress": (
        "networking.k8s.io/v1",
        True,
        st.fixed_dictionaries(
            {
                "spec": optional(
                    {},
                    defaultBackend=BACKENDS,
                    rules=RULES,
                    tls=st.lists(st.fixed_dictionaries({"secretName": NAMES}), min_size=1, max_size=1),
                )
            }
        ),
    ),
    "NetworkPolicy": (
        "networking.k8s.io/v1",
        True,
        st.fixed_dictionaries(
            {
                "spec": optional(
                    {"podSelector": SELECTORS},
                    ingress=st.lists(optional({}, **{"from": PEERS}), max_size=2),
                    egress=st.lists(optional({}, to=PEERS), max_size=2),
                )
            }
        ),
    ),
    "PodDisruptionBudget": (
        "policy/v1",
        True,
        st.fixed_dictionaries({"spec": optional({"maxUnavailable": st.sampled_from((1, "50%"))}, selector=SELECTORS)}),
    ),
    "HorizontalPodAutoscaler": (
        "autoscaling/v2",
        True,
        st.fixed_dictionaries(
            {"spec": st.fixed_dictionaries({"scaleTargetRef": REFERENCE, "maxReplicas": st.just(3)})}
        ),
    ),
    "Role": (
        "rbac.authorization.k8s.io/v1",
        True,
        st.just({"rules": [{"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["web"], "verbs": ["get"]}]}),
    ),
    "ClusterRole": ("rbac.authorization.k8s.io/v1", False, st.just({"rules": []})),
    "RoleBinding": (
        "rbac.authorization.k8s.io/v1",
        True,
        optional(
            {
                "roleRef": st.fixed_dictionaries(
                    {"apiGroup": st.just("rbac.authorization.k8s.io"), "kind": ROLE, "name": NAMES}
                )
            },
            subjects=SUBJECTS,
        ),
    ),
    "ClusterRoleBinding": (
        "rbac.authorization.k8s.io/v1",
        False,
        optional(
            {
                "roleRef": st.fixed_dictionaries(
                    {"apiGroup": st.just("rbac.authorization.k8s.io"), "kind": st.just("ClusterRole"), "name": NAMES}
                )
            },
            subjects=SUBJECTS,
        ),
    ),
    "ValidatingWebhookConfiguration": (
        "admissionregistration.k8s.io/v1",
        False,
        st.fixed_dictionaries(
            {
                "webhooks": st.lists(
                    st.fixed_dictionaries(
                        {
                            "name": st.just("a.example.com"),
                            "clientConfig": st.fixed_dictionaries(
                                {"service": optional({"name": NAMES}, namespace=SPACES)}
                            ),
                        }
                    ),
                    min_size=1,
                    max_size=1,
                )
            }
        ),
    ),
    "HTTPRoute": (
        "gateway.networking.k8s.io/v1",
        True,
        st.fixed_dictionaries(
            {"spec": st.fixed_dictionaries({"rules": st.just([{"backendRefs": [{"name": "web", "port": 80}]}])})}
        ),
    ),
    "Widget": (
        "example.com/v1",
        True,
        st.fixed_dictionaries(
            {
                "spec": optional(
                    {},
                    size=SCALARS,
                    parts=st.lists(st.fixed_dictionaries({"name": NAMES, "value": SCALARS}), max_size=2),
                    selector=SELECTORS,
                    configName=NAMES,
                    template=TEMPLATES,
                )
            }
        ),
    ),
}


@st.composite
def objects(draw: st.DrawFn) -> Tree:
    """An object of any kind."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    version, namespaced, rest = KINDS[kind]
    spaces = {"namespace": SPACES} if namespaced and draw(st.booleans()) else {}
    metadata = draw(optional({"name": NAMES, **spaces}, labels=LABELS, annotations=ANNOTATIONS))
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **draw(rest)}


def identity(tree: Tree) -> tuple[str, str, str, str]:
    """apiVersion, kind, namespace and name."""
    metadata = tree["metadata"]
    return tree["apiVersion"], tree["kind"], metadata.get("namespace", ""), metadata["name"]


def yaml_text(tree: Any) -> str:
    """A tree as YAML in block style, texts of several lines as literal blocks."""
    return "\n".join(_lines(tree)) + "\n"


def _lines(tree: Any) -> Iterator[str]:
    entries = (
        [(f"{_scalar(key)}:", below) for key, below in tree.items()]
        if isinstance(tree, dict)
        else [("-", one) for one in tree]
    )
    for start, below in entries:
        if isinstance(below, dict | list) and below:
            yield start
            yield from (f"  {line}" for line in _lines(below))
        elif isinstance(below, str) and below.endswith("\n") and not below[0].isspace():
            yield f"{start} |"
            yield from (f"  {line}" if line else "" for line in below[:-1].split("\n"))
        else:
            yield f"{start} {_scalar(below)}"


def _scalar(value: Any) -> str:
    return str(value) if isinstance(value, Plain) else json.dumps(value)
