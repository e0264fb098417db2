"""Value trees: mappings, sequences and scalars that remember their places, and the unknown value.

Mappings and sequences are plain Python values with tables of marks beside them. A mark is one integer, line and columns
packed, because a large input has a million of them. A `Place` is a mark with its document; the file is added when a place
is printed, so that a parsed document can be kept by its content and used under any name.
"""
