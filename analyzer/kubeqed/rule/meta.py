"""What a rule says of itself. The rest is derived: its id from its file, its text from its docstring."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from kubeqed.diagnostic import Certainty


class WhenUnseen(Enum):
    """How sure a finding is that depends on nothing but unseen objects."""

    POSSIBLE = "possible"
    LIKELY_WITH_CANDIDATE = "likely with a candidate"  # a near miss or an orphan pair names it
    LIKELY = "likely"  # another policy would have to allow it


class Meta(NamedTuple):
    """A rule's metadata: `certainty` is the highest it may reach, `since` the version that brought it.

    `exposure` says that the rule is about who may reach what, and so carries a security severity in SARIF. `server` says
    that it reports what the API server complains of, as `rule/reasons.py` divides that among the rules; what it checks
    besides is its own. `sources` names the package data that it judges by: `explain` prints the addresses of its sources.
    """

    summary: str
    certainty: Certainty
    since: str
    references: tuple[str, ...]
    when_unseen: WhenUnseen = WhenUnseen.POSSIBLE
    exposure: bool = False
    server: bool = False
    sources: str = ""
