"""Questions to verdicts: a property holds, fails, or depends on named unknowns, with the facts that make it so.

`questions` states what should be, as formulas over facts; `engine` decides them. The verdicts are `Holds` and `Fails` (in every
completion of the manifests), `Depends` (on named unknowns) and `GaveUp` (the budget is spent, which is never a pass). Only here
is z3 imported, and only when a formula stays open: most are decided by evaluation, which takes no time to load.
"""
