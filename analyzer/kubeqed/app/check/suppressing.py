"""Whether anything suppresses findings at all. Most runs have nothing that does, and import nothing for it."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection
from typing import TYPE_CHECKING

from kubeqed.config import Complaint, ConfigurationError, Settings, load_baseline
from kubeqed.diagnostic import Diagnostic, Span
from kubeqed.parse import Place
from kubeqed.rule.run import RunOutcome
from kubeqed.rule.suppress.run_facts import JudgedRun
from kubeqed.sources import read, read_found

if TYPE_CHECKING:
    from kubeqed.rule.suppress.baseline import Baseline

_SIGN = "kubeqed"  # of comments and of annotations


def load_baseline_for(path: str | None, settings: Settings, known: Collection[str]) -> Baseline | None:
    """The baseline of the command line, or of the configuration; a ConfigurationError when it cannot be used."""
    stated = settings.baseline
    try:
        if path is not None:
            return load_baseline(read(path), known)
        return _stated_baseline(stated.value, settings, known) if stated else None
    except OSError as error:
        place = stated.place if stated and path is None else None
        raise _make_unreadable_error(
            path or (stated.value if stated else ""), place, error.strerror or str(error)
        ) from None


def _stated_baseline(path: str, settings: Settings, known: Collection[str]) -> Baseline:
    """The baseline that a configuration names, from where that comes itself."""
    if settings.revision is None:
        return load_baseline(read_found(path, settings.directory), known)
    from kubeqed.sources.revision import RevisionError, read_revision  # few name one

    inside = os.path.relpath(path, settings.revision.root).replace(os.sep, "/")
    try:
        source = read_revision(settings.revision._replace(inside=inside))
    except RevisionError as error:
        raise OSError(errno.ENOENT, str(error)) from None
    return load_baseline(source, known, os.path.dirname(path))


def suppress_findings(
    outcome: RunOutcome, judged: JudgedRun, settings: Settings, baseline: Baseline | None
) -> tuple[Diagnostic, ...]:
    """The findings, each with what suppresses it."""
    if not settings.ignores and baseline is None and not any(_SIGN in file.text for file in judged.parsed):
        return outcome.diagnostics
    from kubeqed.rule.suppress import apply as suppress
    from kubeqed.rule.suppress.ignores import IgnoreRule

    ignores = tuple(
        IgnoreRule(
            entry.place,
            entry.reason.value,
            *(tuple(stated.value for stated in listed) for listed in (entry.rules, entry.paths, entry.objects)),
        )
        for entry in settings.ignores
    )
    return suppress.apply_suppressions(
        outcome, judged, suppress.ConfiguredSuppressions(ignores, settings.directory, baseline)
    )


def _make_unreadable_error(path: str, named: Place | None, reason: str) -> ConfigurationError:
    span = named.span if named else Span(path, 1, 1, 1, 1)
    return ConfigurationError((Complaint(span, f"cannot read the baseline {path}: {reason[:1].lower()}{reason[1:]}"),))
