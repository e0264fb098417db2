"""Which rule reports what does not build; apart, so that the command that only builds loads no more."""

BROKEN_BUILD = "kustomization-broken"
BROKEN_CHART = "chart-broken"
