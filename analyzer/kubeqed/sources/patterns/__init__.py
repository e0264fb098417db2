"""Patterns of paths, matched in linear time.

Globs come from `.gitignore` files, the configuration and the command line, so a stranger may write them. They must neither
backtrack nor mean something else than git does. Tests compare them with git.
"""
