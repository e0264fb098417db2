"""Text that is kept under a manifest's name and that no server reads: commands of a shell, and what Helm prints of a release.

Asked of a text that is no YAML alone. A manifest with a command below it stays a broken one: `kubectl apply` refuses it.
"""

from __future__ import annotations

import re

from kubeqed.late_pattern import compile_late

_COMMANDS = "cat|curl|docker|echo|eksctl|export|gcloud|git|helm|istioctl|kind|kubectl|kustomize|minikube|oc|sudo|wget"
# The first line that is no comment is a command, with or without a prompt.
_FIRST_LINE = compile_late(
    rf"(?:---[^\n]*\n)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:\$ +\S|(?:{_COMMANDS}) +(?!\|)[^\s:#][^\n]*)"
)
# A manifest within a command that begins its line: `kubectl apply -f - <<EOF`; one that a container runs is indented.
_WITHIN = compile_late(r"^[^\s#'\"<][^\n#<]*<<-?[ \t]*['\"]?[A-Z]\w*['\"]?[^\n]*$", re.MULTILINE)
_RELEASE = compile_late(r"^LAST DEPLOYED: .*\n(?:NAMESPACE|STATUS): ", re.MULTILINE)


def is_note(text: str) -> bool:
    """Whether a text that is no YAML is a script, or a report of Helm with the manifests of a release."""
    return any((_FIRST_LINE.match(text), _WITHIN.search(text), _RELEASE.search(text)))
