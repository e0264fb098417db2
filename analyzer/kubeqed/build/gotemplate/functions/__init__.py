"""The functions that Helm gives to templates: those of sprig v3.3, and its own (helm/v3 pkg/engine v3.22).

A module holds one group in `FUNCTIONS`, by name. `signature.takes` states which of Go's types a function takes.
"""
