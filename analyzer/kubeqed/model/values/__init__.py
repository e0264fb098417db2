"""Typed fields out of value trees, where every field may be unknown.

In comes a value of the tree, out comes a typed field: the value, `Unknown`, or None for absent. A value of the wrong type is
read as unknown here, and `apiserver` says that it is wrong. So no kind has to handle what the server would refuse.

An unknown refuses to be compared and to be a condition; `known` has the questions to ask instead, for all rooms above.
"""
