"""One YAML text to a value tree, from the events of libyaml."""
