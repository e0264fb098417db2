"""Rules that judge intents: what a team declares of its network."""
