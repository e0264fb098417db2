"""Rules that judge Services."""
