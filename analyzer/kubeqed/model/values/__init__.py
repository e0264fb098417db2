"""Typed fields out of value trees, where every field may be unknown."""
