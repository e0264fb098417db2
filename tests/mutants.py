"""Manifests with something random put somewhere: what users, templates and generators write by mistake."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

_TEMPLATE = {
    "metadata": {"labels": {"app": "web", "tier": "front"}},
    "spec": {
        "containers": [
            {
                "name": "web",
                "image": "nginx:1",
                "args": ["--to=db-0.db"],
                "env": [{"name": "HOST", "value": "db:5432"}],
                "ports": [{"name": "http", "containerPort": 80, "protocol": "TCP"}],
                "readinessProbe": {"httpGet": {"port": "http"}},
            }
        ],
        "initContainers": [{"name": "side", "restartPolicy": "Always", "ports": [{"containerPort": 81}]}],
    },
}
_PATH = {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"number": 80}}}}
_PEER = {"podSelector": {"matchLabels": {"app": "web"}}, "namespaceSelector": {"matchExpressions": []}}
_BLOCK = {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}


def _document(api_version: str, kind: str, spec: object, **more: object) -> dict[str, Any]:
    metadata = {"name": "web", "namespace": "shop", "labels": {"app": "web"}, "annotations": {"a.b/c": "d"}}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec, **more}


DOCUMENTS = [
    _document(
        "apps/v1", "Deployment", {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": _TEMPLATE}
    ),
    _document("apps/v1", "StatefulSet", {"replicas": 3, "serviceName": "web", "template": _TEMPLATE}),
    _document("batch/v1", "CronJob", {"jobTemplate": {"spec": {"template": _TEMPLATE}}}),
    _document("v1", "Pod", _TEMPLATE["spec"]),
    _document(
        "v1",
        "Service",
        {
            "type": "NodePort",
            "selector": {"app": "web"},
            "ports": [{"name": "http", "port": 80, "targetPort": "http", "nodePort": 30500, "protocol": "TCP"}],
        },
    ),
    _document("v1", "Service", {"clusterIP": "None", "selector": {"app": "web"}, "ports": [{"port": 80}]}),
    _document(
        "networking.k8s.io/v1",
        "Ingress",
        {
            "ingressClassName": "nginx",
            "defaultBackend": {"service": {"name": "webs", "port": {"name": "http"}}},
            "rules": [{"host": "h", "http": {"paths": [_PATH, {**_PATH, "path": "/x"}]}}],
        },
    ),
    _document("extensions/v1beta1", "Ingress", {"backend": {"serviceName": "web", "servicePort": "http"}}),
    _document(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        {
            "podSelector": {"matchLabels": {"app": "web"}},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [{"from": [_PEER, _BLOCK], "ports": [{"port": 80, "endPort": 90, "protocol": "SCTP"}]}],
            "egress": [{"to": [_PEER], "ports": [{"port": "http"}]}],
        },
    ),
    {"apiVersion": "v1", "kind": "List", "items": [_document("v1", "Service", {"selector": {"app": "wbe"}})]},
    _document("example.com/v1", "Thing", {}),
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"hosts": "web-0.web, db"}},
]

_odd: st.SearchStrategy[object] = st.one_of(
    st.sampled_from(
        [
            None,
            True,
            0,
            -1,
            80,
            1 << 45,
            1.5,
            "",
            "web",
            "${X}",
            "a-${X}",
            "{{ .Values.x }}",
            "<name>",
            "$(X)",
            "é\u2028",
            {},
            [],
        ]
    ),
    st.recursive(
        st.sampled_from([None, 1, "http", "${Y}"]),
        lambda inner: (
            st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "port", "app", "spec"]), inner)
        ),
        max_leaves=4,
    ),
)


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """A few documents, each with a value somewhere replaced, taken out, or doubled."""
    chosen = draw(st.lists(st.sampled_from(DOCUMENTS), min_size=1, max_size=4))
    return "\n---\n".join(json.dumps(draw(_mutated(document)), ensure_ascii=False) for document in chosen)


@st.composite
def _mutated(draw: st.DrawFn, document: dict[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(document))
    for _ in range(draw(st.integers(0, 3))):
        node: Any = copy
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inner = node[key]
            if isinstance(inner, dict | list) and draw(st.integers(0, 3)):
                node = inner
                continue
            _change(draw, node, key)
            break
    return copy


def _change(draw: st.DrawFn, node: Any, key: Any) -> None:
    how = draw(st.sampled_from(["replace", "replace", "remove", "double"]))
    if how == "replace":
        node[key] = draw(_odd)
    elif how == "remove":
        del node[key]
    elif isinstance(node, list):
        node.append(node[key])
    else:
        node[f"{key}s"] = node[key]
