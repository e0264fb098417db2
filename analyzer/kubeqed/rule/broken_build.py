"""Which rule reports that a kustomization does not build; apart, so that the command that only builds loads no more."""

BROKEN_BUILD = "kustomization-broken"
