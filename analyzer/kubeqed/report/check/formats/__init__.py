"""One module for each format, with one function: `render(report, options)`. The file name is the format's name.

A format that is one document, of which a stream holds one and nothing beside it, has `DOCUMENT = True`.
"""
