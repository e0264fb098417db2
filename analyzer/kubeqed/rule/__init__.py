"""What a rule is, and which findings are reported: rules are found, chosen and run, and their findings get a certainty.

What lies below a directory of test data inside the PATHs (`testdata`, `fixtures`, `src/test`, `tests/golden`, `invalid` and their kin) is at most `possible`: only
tests read it, and much of it is wrong on purpose (27 of 29 findings on the repository of a tool were of that sort; of 381 repositories
four had errors below `fixtures`, all of them in what only tests read).

A rule imports its words from here and knows nothing of files, columns or formulas.
"""

from kubeqed.diagnostic import Certainty
from kubeqed.rule.finding import Finding
from kubeqed.rule.meta import Meta, WhenUnseen
from kubeqed.rule.world import World, surely

__all__ = ["Certainty", "Finding", "Meta", "WhenUnseen", "World", "surely"]
