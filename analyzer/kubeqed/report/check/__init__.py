"""Findings of `check`: in each format of `formats/`, with excerpts of the source."""
