"""What a rule is, and who is heard: rules are found, chosen and run, and their findings get a certainty.

A rule imports its words from here and knows nothing of files, columns or formulas.
"""

from kubeqed.diagnostic import Certainty
from kubeqed.rule.finding import Finding
from kubeqed.rule.meta import Mark, Meta
from kubeqed.rule.world import World, surely

__all__ = ["Certainty", "Finding", "Mark", "Meta", "World", "surely"]
