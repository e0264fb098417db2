"""Value trees: mappings, sequences and scalars that remember their places, and the unknown value."""
