"""What no report may print, and the lines of a file without it.

In comes a parsed file, out come its lines with `*` in the place of each confidential character, so that columns stay and
carets point right. A file that does not parse is redacted line by line, by its keys: too much rather than too little.
"""
