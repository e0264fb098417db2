"""References that lead nowhere: what may have been meant, and what may yet create it.

A name that resolves to nothing is seldom a fault, because most objects live elsewhere. These modules look for what makes
it probable: a candidate that differs by one slip, or the only target that nothing refers to. They also look for excuses:
another unit that holds the object, and producers that may create it. The terms are defined in `docs/words.md`; they were
measured on 150 repositories before they were fixed.
"""
