"""The template from which pods are made: labels, containers and their ports.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.values.fields import (
    Labels,
    Listing,
    boolean,
    default,
    field,
    integer,
    labels,
    listing,
    text,
    text_or,
)
from kubeqed.parse import Unknown, Value


class ContainerPort(NamedTuple):
    """A declared container port. Declarations inform; a process may listen on ports that nobody declared."""

    path: str
    name: str | Unknown | None
    number: int | Unknown | None
    protocol: str | Unknown
    host_port: int | Unknown | None


class Container(NamedTuple):
    """A container; `node` is its value tree, for fields that few rules read (env, args, probes)."""

    path: str
    name: str | Unknown | None
    image: str | Unknown | None
    ports: Listing[ContainerPort]
    restart_policy: str | Unknown | None
    node: Value


class PodTemplate(NamedTuple):
    """What the pods of a workload look like.

    `path` is where the template stands (`spec.template`, empty for a Pod), `node` its value tree. `containers` are the
    ordinary ones. An init container with restartPolicy Always is a native sidecar: it keeps running, and its ports
    count (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/).
    """

    path: str
    labels: Labels
    annotations: Labels
    containers: Listing[Container]
    init_containers: Listing[Container]
    host_network: bool | Unknown
    hostname: str | Unknown | None
    subdomain: str | Unknown | None
    restart_policy: str | Unknown
    node: Value

    def serving(self) -> Iterator[Container]:
        """The containers that run as long as the pod does: ordinary ones and native sidecars."""
        yield from self.containers
        for container in self.init_containers:
            if isinstance(container.restart_policy, str) and container.restart_policy == "Always":
                yield container

    def ports(self) -> Iterator[ContainerPort]:
        """All declared ports of the containers that run as long as the pod does."""
        for container in self.serving():
            yield from container.ports


def read_template(node: Value, path: str) -> PodTemplate:
    """The pod template whose value tree is `node`, standing at `path` (empty for a Pod)."""
    prefix = f"{path}." if path else ""
    metadata, spec = field(node, "metadata"), field(node, "spec")
    return PodTemplate(
        path=path,
        labels=labels(metadata, "labels", f"{prefix}metadata.labels"),
        annotations=labels(metadata, "annotations", f"{prefix}metadata.annotations"),
        containers=_containers(spec, "containers", f"{prefix}spec.containers"),
        init_containers=_containers(spec, "initContainers", f"{prefix}spec.initContainers"),
        host_network=default(boolean(spec, "hostNetwork"), False),
        hostname=text(spec, "hostname"),
        subdomain=text(spec, "subdomain"),
        restart_policy=text_or(spec, "restartPolicy", "Always"),
        node=node,
    )


def _containers(spec: Value, key: str, path: str) -> Listing[Container]:
    return listing(spec, key, lambda item, index: _container(item, f"{path}[{index}]"))


def _container(node: Value, path: str) -> Container:
    return Container(
        path,
        text(node, "name"),
        text(node, "image"),
        listing(node, "ports", lambda item, index: _container_port(item, f"{path}.ports[{index}]")),
        text(node, "restartPolicy"),
        node,
    )


def _container_port(node: Value, path: str) -> ContainerPort:
    return ContainerPort(
        path,
        text(node, "name"),
        integer(node, "containerPort"),
        text_or(node, "protocol", "TCP"),
        integer(node, "hostPort"),
    )
