"""Small manifests, written for the tests."""

from __future__ import annotations

import json
from typing import Any


def pod(name: str, namespace: str = "shop", /, **more: Any) -> str:
    """A Pod labelled `app: <name>`; `ports`, `host_network`, `address`, `phase`, `sidecar` as asked."""
    spec: dict[str, Any] = {"containers": [{"name": "c", "image": "x", "ports": more.get("ports", [])}]}
    if "sidecar" in more:
        spec["initContainers"] = [{"name": "s", "image": "x", "restartPolicy": "Always", "ports": more["sidecar"]}]
    if more.get("host_network"):
        spec["hostNetwork"] = True
    status = {key: more[field] for key, field in (("podIP", "address"), ("phase", "phase")) if field in more}
    metadata = {"name": name, "namespace": namespace, "labels": {"app": name}}
    return _yaml({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": status})


def deployment(name: str, replicas: int = 1) -> str:
    """A Deployment labelled `app: <name>`."""
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "c", "image": "x"}]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template}
    metadata = {"name": name, "namespace": "shop"}
    return _yaml({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec})


def policy(name: str, namespace: str = "shop", /, **spec: Any) -> str:
    """A NetworkPolicy for all pods of its namespace, unless the spec says otherwise."""
    metadata = {"name": name, "namespace": namespace}
    body = {"podSelector": {}, **spec}
    return _yaml({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": body})


def admin_policy(**spec: Any) -> str:
    """An AdminNetworkPolicy for all pods, unless the spec says otherwise."""
    body = {"priority": 1, "subject": {"namespaces": {}}, **spec}
    item = {"apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": "AdminNetworkPolicy"}
    return _yaml({**item, "metadata": {"name": "all"}, "spec": body})


def service(name: str, port: int, target: int | str, **spec: Any) -> str:
    """A Service in front of the pods labelled `app: <name>`."""
    body = {"selector": {"app": name}, "ports": [{"port": port, "targetPort": target}], **spec}
    metadata = {"name": name, "namespace": "shop"}
    return _yaml({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": body})


def ingress(name: str, backend: str, port: int, **spec: Any) -> str:
    """An Ingress with one path."""
    path = {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": backend, "port": {"number": port}}}}
    body = {"rules": [{"http": {"paths": [path]}}], **spec}
    metadata = {"name": name, "namespace": "shop"}
    return _yaml({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata, "spec": body})


def app(name: str) -> dict[str, Any]:
    """A selector of one sample workload."""
    return {"matchLabels": {"app": name}}


def _yaml(item: dict[str, Any]) -> str:
    return f"---\n{json.dumps(item)}\n"
