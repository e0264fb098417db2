"""One module for each kind that is validated, named after it: adding a kind is adding its module.

A module holds `KINDS`, from (group, version, kind) to the function that validates an object of it.
"""
