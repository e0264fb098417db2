"""What a run has to say, before it is said in some format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kubeqed.diagnostic import Certainty, Diagnostic, Notice, Severity


class UnitSummary(NamedTuple):
    """A unit that was analysed; `world` is "open" or "closed", `stated` false when the unit was guessed."""

    root: str
    world: str
    stated: bool
    objects: int


class Summary(NamedTuple):
    """Counts of a run; `error`, `warning` and `note` count what is shown, `hidden` what `--show` kept back.

    What is suppressed counts only as that, shown or not.
    """

    files: int
    documents: int
    objects: int
    error: int
    warning: int
    note: int
    hidden: int = 0
    suppressed: int = 0
    gave_up: int = 0


class RuleDescription(NamedTuple):
    """A rule that ran: `kind` is its folder, `help` its docstring, `exposure` whether it speaks of security.

    `page` is where it is explained, empty for the catalogue of rules.
    """

    id: str
    kind: str
    summary: str
    help: str
    certainty: Certainty
    since: str
    references: tuple[str, ...] = ()
    exposure: bool = False
    page: str = ""


class CheckResult(NamedTuple):
    """All that a format may print: findings that `--show` lets through, in stable order, and what surrounds them.

    `caveats` are sentences for the end of the text report, without a full stop. `show_hidden` is what `--show` would
    have to add for the hidden findings to appear. `left_out` counts those that `--only` keeps from `findings`; the
    summary counts them too.
    """

    findings: tuple[Diagnostic, ...]
    notices: tuple[Notice, ...]
    units: tuple[UnitSummary, ...]
    summary: Summary
    caveats: tuple[str, ...]
    rules: Mapping[str, RuleDescription]
    version: str
    show_hidden: str = "possible,posture"
    left_out: Mapping[Severity, int] = MappingProxyType({})


def no_lines(_: str) -> Sequence[str]:
    """The lines of a file that nothing may be shown of."""
    return ()


class Options(NamedTuple):
    """How to print. `lines` gives a file's lines as `split_lines` cuts them, and none for a file that has no text.

    `visible_lines` gives the same lines as a report may show them, with `*` for each confidential character.
    `expand` asks for a line for each pair. `path_of` tells where a file of another revision would lie in the working tree. `file_pages` is where a host shows the files of the repository, `https://…/blob/COMMIT`.
    """

    lines: Callable[[str], Sequence[str]] = no_lines
    visible_lines: Callable[[str], Sequence[str]] = no_lines
    color: bool = False
    evidence: bool = False
    repository_root: str | None = None
    path_of: Callable[[str], str] = str
    file_pages: str | None = None
    category: str | None = None
    width: int = 100
    expand: bool = False


Renderer = Callable[[CheckResult, Options], str]
