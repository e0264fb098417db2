"""The rules, one module each, in a package for each Kubernetes kind that they judge.

kubeqed finds a rule by its file name, which with hyphens is its id, and loads it only when its kind occurs in the input.
"""
