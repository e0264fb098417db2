"""Which findings are not reported because a comment, an annotation, the configuration or a baseline says so.

In come diagnostics, out come the same with a `Suppression` where one applies. Each source is a module: comments, annotations,
`ignore:` of the configuration, the baseline. They share one form, so that counting, `--show suppressed` and the report of
what suppresses nothing are written once.
"""
