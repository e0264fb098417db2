"""What git knows of a tree: its root, the files it ignores, the files it tracks."""
