"""Kubernetes objects as the API server would see them, and the units in which they reach a cluster.

In come documents, out come objects and the units that they form. Objects are frozen and carry the API's defaults; every field
may be unknown. `object.at("spec.ports[0].nodePort")` gives a place for any path: a missing field gives its nearest parent that
is there, so that every finding has a place. Kinds are told by API group and kind together, never by kind alone.

What one object says about another is asked in `resolve`, what the server would refuse in `apiserver`.
"""
