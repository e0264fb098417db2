"""The answers that are lists of units: how they were divided, and what each CNI makes of their policies."""
