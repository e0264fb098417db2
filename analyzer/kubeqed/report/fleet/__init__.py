"""What became of each member of a fleet: a line of JSON for each, one SARIF log, and a summary for people.

A line holds the whole report of its member, so that whatever else is said of a fleet is worked out from lines alone:
those of this run, and those of the last one.
"""
