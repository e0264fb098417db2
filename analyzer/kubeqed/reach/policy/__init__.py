"""Policies of every kind in one form, and how the CNI reads them."""
