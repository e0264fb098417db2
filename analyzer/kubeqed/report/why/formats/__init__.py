"""Decisions about one pair: one module for each format, with one function `render(verdicts, options)`."""
