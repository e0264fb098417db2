"""What git knows of a tree: its root, the files it ignores, the files it tracks.

Reading files of a revision is the only work for which a program is started: git itself, and nothing that a stranger's
repository could name. What git ignores and tracks is read from its files directly, because starting git costs more than
most runs.
"""
