"""Rules that judge PodDisruptionBudgets."""
