"""Answers of the reachability graph in the languages of people, tools and drawings: one module for each format."""
