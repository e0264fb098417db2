"""The arithmetic that platforms plan addresses with, over what the user states of a cluster.

`limits` is the package data that `data/generate_ipam.py` writes out of `data/ipam.yaml`,
`formulas` the arithmetic of single numbers, and `plan` what nodes need of each range. Nothing here knows a manifest, so
that `kubeqed plan` and the rules of a cluster count in the same way.
"""
