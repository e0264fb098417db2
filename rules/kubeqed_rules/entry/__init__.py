"""Rules that judge Ingresses."""
