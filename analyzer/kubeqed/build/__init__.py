"""From what is written to what is applied: value trees in, value trees out, and each value keeps the place that set it.

Nothing of the tree is run and nothing is fetched. What cannot be known here (a remote base, a plugin) is said with its
reason; what the tool itself would refuse is said with its place and the tool's own words, and the rest is still built.
"""
