"""Flux: what a `Kustomization` of it applies, as kustomize-controller v1.10.1 makes it of a directory.

The source of the controller (github.com/fluxcd/kustomize-controller v1.10.1 with github.com/fluxcd/pkg/kustomize v1.44.0
and github.com/fluxcd/pkg/envsubst v1.9.0) is the specification, its packages are the referee of the tests.
"""
