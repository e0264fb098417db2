"""Rules that judge whatever makes pods."""
