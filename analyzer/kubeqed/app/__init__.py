"""The order of things, once for the command line and the language server: load, then check, reach, why or diff.

Everything that answers a question starts with `load`: PATHs, configuration and standard input become one input with its
units, so that two commands never see the same PATHs in two ways. Nothing here knows a terminal or an exit status: what a
user got wrong is an exception, which `cli` turns into words and a status.
"""
