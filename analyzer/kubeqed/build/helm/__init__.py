"""Helm charts as `helm template` renders them, v3.22, without running it and without a network.

Helm's own source is the specification (helm.sh/helm/v3: pkg/chart/loader, pkg/chartutil, pkg/engine, pkg/releaseutil).
`loading` reads a chart, `dependencies` decides which of its sub-charts count, `coalesce` lays values over each other,
`rendering` executes the templates, `manifests` makes documents of what they print, and `build` is the order of these.
"""
