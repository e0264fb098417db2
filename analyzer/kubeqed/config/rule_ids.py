"""Whether the rules that a configuration names exist; config knows no rule, so the caller brings the ids."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from kubeqed.config.complaint import Complaint
from kubeqed.config.nearest import quote_text, suggest_rule
from kubeqed.config.settings import Settings
from kubeqed.model.cluster import Stated


def check_rule_ids(settings: Settings, known_ids: Collection[str]) -> tuple[Complaint, ...]:
    """A complaint for each id that is none of `known_ids`, and each glob that matches none, in the order of the file."""
    found = [
        Complaint(name.place.span, message)
        for name, glob in _list_named(settings)
        if name.place is not None and (message := wrong_name(name.value, known_ids, glob=glob))
    ]
    return tuple(sorted(found))


def _list_named(settings: Settings) -> Iterator[tuple[Stated[str], bool]]:
    """Every rule named, and whether a glob may stand there."""
    rules = settings.rules
    for name in (*(rules.select or ()), *rules.ignore, *(name for item in settings.ignores for name in item.rules)):
        yield name, True
    for name in (*(entry.rule for entry in rules.severity), *(entry.rule for entry in rules.options)):
        yield name, False


def wrong_name(name: str, known_ids: Collection[str], *, glob: bool) -> str | None:
    """What is wrong with the name of a rule, or with a glob of ids where one may stand; None for nothing."""
    if name in known_ids:
        return None
    if not any(sign in name for sign in "*?["):
        return f"unknown rule {quote_text(name)}{suggest_rule(name, known_ids)}"
    if not glob:
        return f"{quote_text(name)} is a pattern, but here a rule is named by its id"
    return None if any(fnmatchcase(known, name) for known in known_ids) else f"no rule matches {quote_text(name)}"
