"""One module for each question, named after what should be; `clauses` has what several of them share.

A question is a small class that states what should be, such as `GoverningServiceHeadless`. It gets a `Resolver`, writes a
formula over facts, and gives an `Answer`, often with the objects that a rule wants to name. Rules ask questions and never
see formulas, so a property is written once, however many rules use it.
"""
