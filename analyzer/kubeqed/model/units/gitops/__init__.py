"""Clusters that GitOps objects state: which files they need, and what unit each one is."""
