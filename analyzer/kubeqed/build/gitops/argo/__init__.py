"""Argo CD: Applications, and the ApplicationSets that make them, as Argo CD v3.5.1 reads them.

Its words are kept where it refuses something. Charts, plugins and jsonnet are not run, and what only the cluster or
another service knows (clusters, pull requests, organisations) is said with its reason.
"""
