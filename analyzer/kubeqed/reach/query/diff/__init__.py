"""What changed between two versions, and which lines caused it."""
