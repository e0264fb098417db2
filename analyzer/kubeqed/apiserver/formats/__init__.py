"""What texts must look like wherever they stand: names, labels, addresses, quantities, schedules, metadata.

In comes a node (a value and its path), out come violations. Several kinds share these checks, so they stand apart from
`kinds`; each names the function of the server's Go code that it follows. A value that is unknown is passed over.
"""
