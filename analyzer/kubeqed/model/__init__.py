"""Kubernetes objects as the API server would see them, and the units in which they reach a cluster.

Objects are frozen and carry the API's defaults; every field may be unknown. What one object says about another is
the graph's business, not this room's.
"""
