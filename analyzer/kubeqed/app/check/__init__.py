"""`check` from the input to the report: rules run, suppressions apply, the summary says what was not looked at.

`run.analyze` is the order; the other modules are its steps. In comes a `CheckRequest`, out comes an `Analysis`: the report
and what it was made of, so that the language server can ask more of the same input without reading it again. A step that
fails costs its own part of the report, never the rest.
"""
