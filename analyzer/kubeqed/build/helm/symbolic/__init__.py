"""What a chart prints at any values: its templates executed once, on values that are terms.

`evaluation` executes a template; what it prints is a rope (`ropes`): texts, holes that hold terms (`terms`), alternatives under
conditions (`conditions`), and loops. `lines` cuts a rope to lines, each with the condition under which it is there, `blocks` reads
these by their indentation, and `objects` takes from them what the network depends on. `chart` is the order of these.

What is not followed is an unknown of its own or is given up; it is never left out. Each term knows what it is at the values that the
chart was rendered at (its shadow), so that what is printed here can be held against what is printed there.
"""
