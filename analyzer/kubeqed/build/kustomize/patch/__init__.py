"""Patches: how strategic merges and JSON patches are found and applied."""
