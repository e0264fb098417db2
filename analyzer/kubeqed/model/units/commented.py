"""Patches whose line in a kustomization is commented out: kubebuilder writes them so, and the files stay."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.late_pattern import compile_late

_SECTION = compile_late(
    r"#*[ \t]?(resources|bases|components|crds|patches|patchesStrategicMerge|patchesJson6902|replacements|vars|images"
    r"|configurations|generators|transformers|configMapGenerator|secretGenerator|labels|openapi):"
)
_ENTRY = compile_late(r"[ \t]*#[# \t]*(?:-[ \t]*)?(?:path:[ \t]*)?[\"']?([\w./-]+\.ya?ml)[\"']?[ \t]*(?:#.*)?")


def commented_patches(text: str) -> Iterator[str]:
    """The paths that comments below `patches:` and its like name, as they are written."""
    section = ""
    for line in text.splitlines() if "#" in text else ():
        if found := _SECTION.match(line):
            section = found[1]
        elif section.startswith("patches") and (entry := _ENTRY.fullmatch(line)):
            yield entry[1]
