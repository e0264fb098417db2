"""Rules that judge Gateways and routes."""
