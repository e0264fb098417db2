"""Rules that judge NetworkPolicies."""
