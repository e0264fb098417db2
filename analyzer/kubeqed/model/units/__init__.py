"""Which objects end up in one cluster together: files become manifests, manifests become units."""
