"""Rules that judge autoscalers."""
