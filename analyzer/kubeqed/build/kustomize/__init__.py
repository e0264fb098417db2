"""Kustomize as its tool builds, v5.8.2: one module for each thing that a kustomization says.

The tool's own source is the specification (sigs.k8s.io/kustomize, api v0.21.2), the tool itself the referee of the tests.
Words are the tool's: a resource map holds resources, a field spec says which field of which kinds a transformer changes.
"""
