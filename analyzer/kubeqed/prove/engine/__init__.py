"""Formulas over facts, evaluated three-valued first and by Z3 where that leaves them open."""
