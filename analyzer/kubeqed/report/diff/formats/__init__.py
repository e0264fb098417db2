"""The difference of two versions: one module for each format, with one function `render(difference, options)`.

A format that has a line for each pair where that is asked for has `EXPANDS = True`.
"""
