"""One module for each kind: what its objects say, with the defaults of the API server.

`registry` finds the module by its name and imports it when a document of that kind occurs. A kind that has none is read by
`unmodelled`. Modules that are no kind hold what several kinds share.
"""
