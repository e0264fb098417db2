"""Connections of units: one module for each format, with one function `render(listing, options)`.

A format that has a line for each pair where that is asked for has `EXPANDS = True`.
"""
