"""A FluxInstance: the Kustomization that flux-operator makes of its `sync`, with the patches of `kustomize` on it.

The chart `flux-instance` makes a FluxInstance of its values, so that a HelmRelease of it is read as one.
https://fluxoperator.dev/docs/crd/fluxinstance/
"""

from __future__ import annotations

from kubeqed.build.directory import Directory
from kubeqed.build.kustomize.patch.patches import apply_patch
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalError

_INSTANCE = ("fluxcd.controlplane.io", "FluxInstance")
_RELEASE = ("helm.toolkit.fluxcd.io", "HelmRelease")
_CHART = "flux-instance"
_CHARTS = (("spec", "chartRef", "name"), ("spec", "chart", "spec", "chart"))


def instance_spec(tree: OriginNode) -> OriginNode | None:
    """The `spec` of a FluxInstance that is synchronised with a source; None for any other object."""
    identity = (tree.text_at("apiVersion").partition("/")[0], tree.text_at("kind"))
    spec = None
    if identity == _INSTANCE:
        spec = tree.get("spec")
    elif identity == _RELEASE and any(tree.text_at(*path) == _CHART for path in _CHARTS):
        spec = tree.get("spec", "values", "instance")
    return spec if spec is not None and spec.get("sync") is not None else None


def make_kustomization(tree: OriginNode, spec: OriginNode) -> OriginNode:
    """The Kustomization that a FluxInstance `tree` has made of its `spec`."""
    sync = spec.entries["sync"]
    namespace = tree.get("metadata", "namespace")
    name = sync.get("name") or namespace or tree.get("metadata", "name") or sync
    metadata = {"name": name.copy(), **({} if namespace is None else {"namespace": namespace.copy()})}
    source = {"kind": sync.like(sync.text_at("kind") or "GitRepository"), "name": name.copy()}
    path = sync.get("path")
    return sync.like(
        {
            "apiVersion": sync.like("kustomize.toolkit.fluxcd.io/v1"),
            "kind": sync.like("Kustomization"),
            "metadata": sync.like({**metadata}),
            "spec": sync.like({"sourceRef": sync.like({**source}), **({} if path is None else {"path": path.copy()})}),
        }
    )


def apply_instance_patches(made: OriginNode, spec: OriginNode, directory: Directory) -> OriginNode:
    """The Kustomization with the patches of a FluxInstance; one that fails is for another of the objects that it makes."""
    resource = BuildResource(made.copy())
    resources = ResourceMap()
    resources.append(resource)
    for patch in spec.items_at("kustomize", "patches"):
        try:
            apply_patch(resources, patch, directory)
        except RefusalError:
            continue
    return resource.root or made
