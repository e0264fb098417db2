"""Templates and placeholders: where they stand, how the text around them is parsed, and what they leave open.

YAML with `{{ … }}` in it is mostly no YAML. `scan` tells quickly whether a text has any of this, `action` finds the
actions, `mask` covers them so that the text parses, and `unmask` turns what they leave open into `Unknown` values.
`placeholder` does the same for `${PORT}` and its like, and `ytt` for templates in comments. Nothing is rendered: what is
not known stays unknown, and is never taken for the text that stands there.
"""
