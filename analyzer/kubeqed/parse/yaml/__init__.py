"""One YAML text to a value tree, from the events of libyaml.

`decode` makes text of bytes, `split` cuts it at `---`, `libyaml` gives events, and `composer` builds the tree, with
`scalar` for the meaning of plain words, `anchors` for aliases and `spans` for positions that the events get wrong. Depth,
size and the expansion of aliases are bounded. Whatever the bytes are, the result is a tree or a problem with a place.
"""
