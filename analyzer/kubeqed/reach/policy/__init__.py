"""Policies of every kind in one form, and how the CNI reads them.

Lowering: each policy kind becomes a `CompiledPolicy`, which has a tier, a subject, and rules with an action, peers and
ports. The engine knows only this form, so that a new kind of policy needs a lowering and nothing in the engine. What CNIs
read differently is an assumption that the caller states; the default is the specification.
"""
