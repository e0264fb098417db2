"""Which rule reports what does not build; apart, so that the command that only builds loads no more."""

from kubeqed.build.refusal import HELM

BROKEN_BUILD = "kustomization-broken"
BROKEN_CHART = "chart-broken"


def broken_rule(tool: str) -> str:
    """The id of the rule that reports what a tool refuses."""
    return BROKEN_CHART if tool == HELM else BROKEN_BUILD
