"""Sets of requests: which paths a pattern takes, and whether what one takes is all taken by others.

`languages` are sets of texts as regular expressions without backtracking, `patterns` makes one of the pattern of a path,
`coverage` compares them: by samples first, which decide most, and then by a search that counts its steps.
"""
