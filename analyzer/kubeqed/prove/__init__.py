"""Questions to verdicts: a property holds, fails, or depends on named unknowns, with the facts that make it so.

Each question is a module named after what should be. Only here is z3 imported, and only when a formula stays open.
"""
