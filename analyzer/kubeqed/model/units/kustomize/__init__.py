"""Kustomizations: the files that each reaches, the parts it names, and what it changes. Nothing is rendered."""
