"""`openapi`: the schema by which strategic merge patches merge lists. One of the user's own is not read."""

from __future__ import annotations

from collections.abc import Iterable

from kubeqed.build.directory import is_remote
from kubeqed.build.kustomize.kustomization import DecodedKustomization
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalCause, RefusalError, Unbuilt

_BUILT_IN = "v1.21.2"


def stated_schema(kustomization: DecodedKustomization) -> OriginNode | None:
    """The path or the version that a kustomization states, None where it states neither.

    A RefusalError for both, for a file that is not there, and for a version that the tool does not hold.
    """
    path, version = (kustomization.fields.get("openapi", field) for field in ("path", "version"))
    if path is not None:
        directory = kustomization.directory
        real = directory.real(path.text)
        if not is_remote(path.text) and directory.files.holds(real) and not directory.files.is_file(real):
            raise RefusalError(f"open {path.text}: no such file or directory", path.place, RefusalCause.NO_FILE)
        if version is not None:
            reason = "builtin version and custom schema provided, cannot use both"
            raise RefusalError(reason, version.place)
        return path
    if version is not None and version.text not in ("", _BUILT_IN):
        raise RefusalError("the specified OpenAPI version is not built in", version.place)
    return version


def lists_of_schema(schema: OriginNode | None, resources: Iterable[BuildResource]) -> Unbuilt | None:
    """What a schema of the user's own may change: the lists of objects that a patch has merged; None where it changes none."""
    merged = next((one for one in resources if one.merges_lists), None)
    if schema is None or schema.text == _BUILT_IN or merged is None:
        return None
    return Unbuilt(schema.place, f"the lists of {merged.kind} {merged.name} as the schema {schema.text} merges them")


def ignored_schema(schema: OriginNode | None) -> tuple[Unbuilt, ...]:
    """What is said of a schema of the user's own that changes nothing."""
    if schema is None or schema.text == _BUILT_IN:
        return ()
    return (Unbuilt(schema.place, f"the schema {schema.text}, by which no patch merges a list"),)
