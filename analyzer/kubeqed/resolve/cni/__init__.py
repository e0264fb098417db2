"""Which CNI a cluster has, as far as manifests show it."""
