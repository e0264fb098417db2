"""The annotations that `buildMetadata: [transformerAnnotations]` asks for: which transformers an object met, in their order."""

from __future__ import annotations

import posixpath

from kubeqed.build.gotemplate.functions.yaml_text import to_pretty_yaml
from kubeqed.build.kustomize.kustomization import DecodedKustomization
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.resources.resource_map import ResourceMap

# The fields in the order in which the tool runs them (target.configureBuiltinTransformers), and whether each entry is a
# transformer of its own; `commonLabels` is one more than those of `labels` wherever one of both is there.
_FIELDS = (
    ("patchesStrategicMerge", "PatchStrategicMergeTransformer", False),
    ("patches", "PatchTransformer", True),
    ("namespace", "NamespaceTransformer", False),
    ("namePrefix", "PrefixTransformer", False),
    ("nameSuffix", "SuffixTransformer", False),
    ("labels", "LabelTransformer", True),
    ("commonLabels", "LabelTransformer", False),
    ("commonAnnotations", "AnnotationsTransformer", False),
    ("patchesJson6902", "PatchJson6902Transformer", True),
    ("replicas", "ReplicaCountTransformer", True),
    ("images", "ImageTagTransformer", True),
    ("imageTags", "ImageTagTransformer", True),
    ("replacements", "ReplacementTransformer", False),
)


def record_transformers(
    resources: ResourceMap, kustomization: DecodedKustomization, at: str, plugins: list[BuildResource]
) -> None:
    """Notes at each resource what a kustomization ran on it: all of its transformers, whether they changed it or not.

    `at` is its directory as the kustomizations that lead to it spell it, `plugins` are those that it configures as objects.
    """
    file = posixpath.normpath(posixpath.join(at, kustomization.file.rpartition("/")[2]))
    steps = [_describe_step(file, "builtin", kind) for kind in _list_kinds(kustomization)]
    for one in plugins:
        configured_in = posixpath.normpath(posixpath.join(at, *one.trail)) if one.trail else file
        steps.append(_describe_step(configured_in, one.api_version, one.kind, one.name, one.namespace))
    for one in resources:
        one.met.extend(steps)


def _list_kinds(kustomization: DecodedKustomization) -> list[str]:
    fields = kustomization.fields
    kinds: list[str] = []
    for field, kind, is_each in _FIELDS:
        count = len(fields.items_at(field))
        if field == "commonLabels":
            count = bool(fields.entries_at(field) or fields.items_at("labels"))
        elif not is_each:
            count = bool(count or fields.entries_at(field) or fields.text_at(field))
        kinds += [kind] * count
    return kinds


def _describe_step(file: str, api_version: str, kind: str, name: str = "", namespace: str = "") -> str:
    """An item of the list, as the tool writes it."""
    named = {"apiVersion": api_version, "kind": kind, "name": name, "namespace": namespace}
    lines = [f"    {key}: {to_pretty_yaml(value)}" for key, value in named.items() if value]
    return "\n".join([f"- configuredIn: {to_pretty_yaml(file)}", "  configuredBy:", *lines, ""])
