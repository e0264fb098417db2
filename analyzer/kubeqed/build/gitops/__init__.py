"""GitOps objects state what reaches which cluster: Flux Kustomizations, Argo CD Applications and what makes such.

A statement names paths of a repository; each is built as that tool builds it. Nothing is fetched: a path of another
repository is said with its reason, and so is what only the cluster knows.
"""
