"""`printf`: package fmt of Go."""
