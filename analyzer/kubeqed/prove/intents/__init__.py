"""Intents: what a team declares of its network, as claims about packets, and whether they hold in a unit."""
