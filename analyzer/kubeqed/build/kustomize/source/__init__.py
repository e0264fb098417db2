"""The files of a build, and how their text is read."""
