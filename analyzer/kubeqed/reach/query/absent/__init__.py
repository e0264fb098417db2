"""Pods that no manifest shows: which of them policies tell apart, and how to speak of them."""
