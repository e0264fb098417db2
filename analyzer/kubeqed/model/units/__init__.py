"""Which objects end up in one cluster together: files become manifests, manifests become units.

In come parsed files and what the user stated; out comes an `Input` of `Unit`s. Units are looked for in this order: those of
the configuration, those of kustomizations, and guesses from directories for the rest. Everything that compares objects
asks within one unit, so a wrong unit makes a false error. That is why a guess is cautious: it ends where an object
would be defined twice, and each guess is printed.
"""
