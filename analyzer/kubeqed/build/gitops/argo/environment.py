"""The build environment of a source: the variables that its texts may use (repository.newEnv)."""

from __future__ import annotations

import re

from kubeqed.build.node import OriginNode
from kubeqed.parse import Unknown

_REFERENCE = re.compile(r"\$(?:\{(?P<braced>[^{}]*)\}|(?P<bare>\w+|\$))")
_FIELDS = {
    "ARGOCD_APP_SOURCE_REPO_URL": "repoURL",
    "ARGOCD_APP_SOURCE_PATH": "path",
    "ARGOCD_APP_SOURCE_TARGET_REVISION": "targetRevision",
}
_PREFIX = "ARGOCD_APP_REVISION"


class Environment:
    """What the variables of one source stand for; its revision is known to Argo CD alone."""

    def __init__(self, source: OriginNode, application: OriginNode) -> None:
        self._values = {name: source.text_at(field) for name, field in _FIELDS.items()} | {
            "ARGOCD_APP_NAME": application.text_at("metadata", "name"),
            "ARGOCD_APP_NAMESPACE": application.text_at("spec", "destination", "namespace"),
            "ARGOCD_APP_PROJECT_NAME": application.text_at("spec", "project"),
        }

    def expand(self, node: OriginNode) -> OriginNode:
        """A text with its variables put in; others stand for nothing, and `$$` for `$`."""
        text = node.text
        if "$" not in text:
            return node
        made = _REFERENCE.sub(self._expand_reference, text)
        is_unknown = _PREFIX in made
        term = node.value.term if isinstance(node.value, Unknown) else None
        new = node.like(Unknown(term, made) if is_unknown and term is not None else made)
        new.key_source, new.key_mark = node.key_source, node.key_mark
        return new

    def _expand_reference(self, reference: re.Match[str]) -> str:
        name = reference["braced"] or reference["bare"] or ""
        if name.startswith(_PREFIX):
            return reference[0]
        return "$" if name == "$" else self._values.get(name, "")
