"""The template from which pods are made: labels, containers and their ports.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.values.fields import (
    Labels,
    Listing,
    apply_default,
    read_boolean,
    read_field,
    read_integer,
    read_labels,
    read_list,
    read_text,
    read_text_or,
)
from kubeqed.parse import Unknown, Value


class ContainerPort(NamedTuple):
    """A declared container port. Declarations inform; a process may listen on ports that are not declared."""

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
    restart_policy: str | Unknown
    node: Value

    def all_containers(self) -> Iterator[Container]:
        """The ordinary containers, and then the init containers."""
        yield from self.containers
        yield from self.init_containers

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
    metadata, spec = read_field(node, "metadata"), read_field(node, "spec")
    return PodTemplate(
        path=path,
        labels=read_labels(metadata, "labels", f"{prefix}metadata.labels"),
        annotations=read_labels(metadata, "annotations", f"{prefix}metadata.annotations"),
        containers=_read_containers(spec, "containers", f"{prefix}spec.containers"),
        init_containers=_read_containers(spec, "initContainers", f"{prefix}spec.initContainers"),
        host_network=apply_default(read_boolean(spec, "hostNetwork"), False),
        hostname=read_text(spec, "hostname"),
        restart_policy=read_text_or(spec, "restartPolicy", "Always"),
        node=node,
    )


def _read_containers(spec: Value, key: str, path: str) -> Listing[Container]:
    return read_list(spec, key, lambda item, index: _read_container(item, f"{path}[{index}]"))


def _read_container(node: Value, path: str) -> Container:
    return Container(
        path,
        read_text(node, "name"),
        read_text(node, "image"),
        read_list(node, "ports", lambda item, index: _container_port(item, f"{path}.ports[{index}]")),
        read_text(node, "restartPolicy"),
        node,
    )


def _container_port(node: Value, path: str) -> ContainerPort:
    return ContainerPort(
        path,
        read_text(node, "name"),
        read_integer(node, "containerPort"),
        read_text_or(node, "protocol", "TCP"),
        read_integer(node, "hostPort"),
    )
