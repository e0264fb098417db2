"""Patterns of paths, matched in linear time."""
