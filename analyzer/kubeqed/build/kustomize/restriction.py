"""Files outside of a kustomization's directory, which the tool reads only if it is asked to (loader.RestrictionRootOnly)."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.build.directory import Directory
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import Refusal, RefusalCause
from kubeqed.sources import is_below

_FILES = (
    "resources",
    "bases",
    "configurations",
    "crds",
    "generators",
    "transformers",
    "validators",
    "patchesStrategicMerge",
)
_WITH_PATH = ("patches", "patchesJson6902", "replacements")
_GENERATORS = ("configMapGenerator", "secretGenerator")


def find_files_outside(fields: OriginNode, directory: Directory) -> Iterator[Refusal]:
    """The entries of a kustomization that name a file which lies, links followed, not in or below its directory."""
    for entry, path in _named_files(fields):
        real = directory.real(path) if path else ""
        if (
            path
            and not is_below(real, directory.path)
            and directory.files.holds(real)
            and directory.files.is_file(real)
        ):
            root = directory.path.rpartition("/")[2]
            reason = f"security; file '{path}' is not in or below '{root}'"
            yield Refusal(
                entry.place,
                f"{reason}, unless it runs with --load-restrictor LoadRestrictionsNone",
                RefusalCause.OUTSIDE,
            )


def _named_files(fields: OriginNode) -> Iterator[tuple[OriginNode, str]]:
    """Each entry that may name a file, with the path; what is written inline names none."""
    for item in (item for field in _FILES for item in fields.items_at(field)):
        if "\n" not in item.text and ": " not in item.text:
            yield item, item.text
    for item in (item for field in _WITH_PATH for item in fields.items_at(field)):
        if (path := item.get("path")) is not None:
            yield path, path.text
    for generator in (item for field in _GENERATORS for item in fields.items_at(field)):
        for item in generator.items_at("files"):
            yield item, item.text.partition("=")[2] or item.text
        for item in generator.items_at("envs"):
            yield item, item.text
        if (env := generator.get("env")) is not None:
            yield env, env.text
    if (schema := fields.get("openapi", "path")) is not None:
        yield schema, schema.text
