"""Intents that may hold today, so that a team starts from what it has."""
