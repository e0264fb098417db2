"""A kustomization of a directory: its file found and decoded; old fields are read where they stand."""

from __future__ import annotations

from functools import cached_property

from kubeqed.build.directory import Directory
from kubeqed.build.kustomize.names import KUSTOMIZATIONS
from kubeqed.build.kustomize.restriction import find_files_outside
from kubeqed.build.kustomize.settings import KUSTOMIZATION, decode
from kubeqed.build.node import OriginNode, thaw
from kubeqed.build.refusal import Refusal, RefusalCause, RefusalError, UnbuiltError

_COMPONENT = "Component"
_VERSIONS = {"Kustomization": "kustomize.config.k8s.io/v1beta1", _COMPONENT: "kustomize.config.k8s.io/v1alpha1"}


class DecodedKustomization:
    """The decoded fields of a kustomization file, and the directory that its paths start from."""

    def __init__(self, directory: Directory, fields: OriginNode, file: str) -> None:
        self.directory = directory
        self.fields = fields
        self.file = file

    @cached_property
    def files_outside(self) -> tuple[Refusal, ...]:
        """Its entries that name files which the tool reads only if it is asked to."""
        return tuple(find_files_outside(self.fields, self.directory))

    @property
    def is_component(self) -> bool:
        """Whether it is a Component, which works on what the others have made."""
        return self.fields.text_at("kind") == _COMPONENT

    def listed(self, *fields: str) -> list[OriginNode]:
        """The items of some list fields, one field after the other."""
        return [item for field in fields for item in self.fields.items_at(field)]

    def named(self, field: str) -> OriginNode | None:
        """A field that says something: a text that is not empty."""
        node = self.fields.entries.get(field)
        return node if node is not None and node.text else None


def find_kustomizations(directory: Directory) -> list[str]:
    """The names of the kustomization files that a directory holds; one is right."""
    return [name for name in KUSTOMIZATIONS if directory.files.is_file(directory.real(name))]


def read_kustomization(directory: Directory) -> DecodedKustomization:
    """The kustomization of a directory; a RefusalError in the tool's words where there is none, or a wrong one."""
    found = find_kustomizations(directory)
    if not found:
        names = "'kustomization.yaml', 'kustomization.yml' or 'Kustomization'"
        raise RefusalError(
            f"unable to find one of {names} in directory '{directory.path.rpartition('/')[2]}'",
            cause=RefusalCause.NO_FILE,
        )
    if len(found) > 1:
        raise RefusalError("Found multiple kustomization files under it: " + ", ".join(found))
    return DecodedKustomization(directory, decode_root(read_document(directory, found[0])), directory.real(found[0]))


def read_document(directory: Directory, name: str) -> OriginNode:
    """The only document of the file that counts: of several the tool reads the first.

    A RefusalError for a file that is empty or no YAML, an UnbuiltError for a template.
    """
    documents = directory.files.documents(directory.real(name))
    placed = documents[0] if documents else None
    if placed is None or (placed.document.root is None and not placed.document.broken):
        raise RefusalError(f"{name} is empty")
    if placed.document.template:
        raise UnbuiltError(f"{name}, a template that was not rendered")
    if placed.document.broken:
        problem = placed.document.problems[0]
        raise RefusalError(f"invalid Kustomization: {problem.message}", placed.placed(problem.mark))
    return thaw(placed)


def decode_root(root: OriginNode) -> OriginNode:
    """The fields, checked as far as the tool does before it reads anything else."""
    fields = decode(root, KUSTOMIZATION)
    kind, version = fields.text_at("kind") or "Kustomization", fields.text_at("apiVersion")
    if kind not in _VERSIONS:
        raise RefusalError("kind should be Kustomization or Component", fields.entries["kind"].place)
    if version not in ("", _VERSIONS[kind]):
        reason = f"apiVersion for {fields.text_at('kind')} should be {_VERSIONS[kind]}"
        raise RefusalError(reason, fields.entries["apiVersion"].place)
    if not fields.entries.keys() - {"kind", "apiVersion"}:
        raise RefusalError("kustomization.yaml is empty", root.place)
    return fields
