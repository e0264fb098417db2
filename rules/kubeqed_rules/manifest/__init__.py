"""Rules that judge manifests of any kind."""
