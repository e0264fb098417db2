"""What no report may print, and the lines of a file without it."""
