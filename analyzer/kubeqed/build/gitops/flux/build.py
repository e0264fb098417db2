"""The build of one path as kustomize-controller does it: the kustomization, what is substituted, what it adds to all."""

from __future__ import annotations

import posixpath

from kubeqed.build.built import Built
from kubeqed.build.directory import Directory, Files
from kubeqed.build.gitops.flux.decryption import decrypt
from kubeqed.build.gitops.flux.generator import generate_kustomization
from kubeqed.build.gitops.flux.metadata import add_common_metadata, add_owner_labels
from kubeqed.build.gitops.flux.substitution import VariableSubstitution
from kubeqed.build.gitops.flux.variables import PostBuild
from kubeqed.build.gitops.statement import ObjectLookup
from kubeqed.build.kustomize.build import build_root
from kubeqed.build.kustomize.kustomization import DecodedKustomization
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.target import Target
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalCause, RefusalError
from kubeqed.parse import Through

_APPLIED = "applies it"


def build_path(tree: OriginNode, files: Files, directory: str, lookup: ObjectLookup) -> Built:
    """Builds a real directory as the Kustomization `tree` asks; `lookup` finds what the cluster holds. What fails is in the result."""
    stated_at = tree.get("spec", "path") or tree.get("spec") or tree
    target = Target(files, restricted=False)

    def open_root() -> DecodedKustomization:
        if not files.is_directory(directory):
            reason = f"kustomization path not found: stat {posixpath.basename(directory)}: no such file or directory"
            raise RefusalError(reason, cause=RefusalCause.NO_FILE)
        return generate_kustomization(tree, stated_at, Directory(directory, files), target, lookup)

    def finish(resources: ResourceMap) -> None:
        for one in resources:
            decrypt(one, tree)
        with target.notes.noting(stated_at, is_change=True):
            _substitute_variables(resources, PostBuild(tree, lookup), target)
        for one in resources:
            add_owner_labels(one, tree)
            add_common_metadata(one, tree)
            if not one.layers or one.layers[-1].place != stated_at.place:  # one that was made here says so already
                one.layers.append(Through(stated_at.place, _APPLIED))

    return build_root(target, stated_at.place, open_root, finish)


def _substitute_variables(resources: ResourceMap, variables: PostBuild, target: Target) -> None:
    """Fills in variables, where there are any."""
    if variables.is_possible:
        substitution = VariableSubstitution(variables)
        for one in resources:
            with target.notes.noting(one.tree, is_change=True):
                substitution.substitute(one)
