"""Formulas over facts, evaluated three-valued first and by Z3 where that leaves them open.

In comes a formula, out comes a `Decision`: a verdict, the facts behind it, the unknowns that matter, and a witness.
`decide` tries the cheap ways first: `kleene` evaluates, `enumeration` tries all values of one or two unknowns, `solver`
asks Z3. All three give the same answer where more than one can, which tests check. An unknown is named only if changing
it changes the verdict.
"""
