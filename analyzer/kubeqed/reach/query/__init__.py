"""Questions to the engine: all connections, one pair, exposure, the difference of two versions.

In comes a `Reachability`, out come values with names that people know: `answer` for all connections, `decision` and
`explain` for one pair, `exposure` for peers outside the input, `diff` for two versions. The engine speaks of numbers and
bits; names, owners and groups are added here. Text is made in `report`.
"""
