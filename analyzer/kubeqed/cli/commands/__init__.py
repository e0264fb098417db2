"""One module for each command, with its options. `group` imports the one that is called.

A command turns options into a request, calls one function of `app`, and turns the result into output and an exit status.
It computes nothing: what a command knows, the language server could not use.
"""
