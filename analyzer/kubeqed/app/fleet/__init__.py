"""Many members, each run as a user would run it alone: a process of its own, in the directory of the member.

A process each, because then a limit of time or memory, a crash and an interruption concern one member and nothing else,
and the answer is that of a single run by construction. What a process costs beyond the run is its start, which a single
run has too. Local members need nothing but Python. Members on a cluster are run by the same function, called there by
Dask; only `cluster` imports it. It is a part of `app` because it knows no more than the order of things; what it starts is the
command itself.
"""
