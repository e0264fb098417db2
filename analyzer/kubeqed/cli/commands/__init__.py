"""One module for each command, with its options. `group` imports the one that is called."""
