"""Which findings are not reported, because the user said so in a comment, an annotation, the configuration, a baseline.

Each of them gives a reason, and each is itself reported once nothing needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kubeqed.diagnostic import Diagnostic
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.input import Input
from kubeqed.parse.yaml.comments import SIGN
from kubeqed.rule.run import RunOutcome, make_diagnostic, merge_units, sort_findings
from kubeqed.rule.suppress.annotations import KEY, AnnotationSource
from kubeqed.rule.suppress.baseline import Baseline, BaselineSource
from kubeqed.rule.suppress.comments import CommentSource
from kubeqed.rule.suppress.ignores import IgnoreRule, IgnoreSource, relative_to_configuration
from kubeqed.rule.suppress.run_facts import JudgedRun
from kubeqed.rule.suppress.suppression import RunFacts, SuppressionSource
from kubeqed.rule.suppress.whole_units import find_judged_files
from kubeqed.sources import is_below, real_path


class ConfiguredSuppressions(NamedTuple):
    """What is said outside of the manifests; `directory` is that of the configuration."""

    ignores: tuple[IgnoreRule, ...] = ()
    directory: str = "."
    baseline: Baseline | None = None


def apply_suppressions(
    outcome: RunOutcome, judged: JudgedRun, configured: ConfiguredSuppressions
) -> tuple[Diagnostic, ...]:
    """The findings, each with what suppresses it, and the findings about suppressions that are wrong or not needed."""
    facts = _run_facts(outcome, judged)
    inside: list[SuppressionSource] = [
        CommentSource(file for file in judged.parsed if SIGN in file.text),
        AnnotationSource(_list_annotated(judged)),
    ]
    merged = merge_units(_ask_sources(outcome.of_units, inside))
    found = sort_findings((*merged, *_list_complaints(inside, facts, judged)), judged.whole.paths)
    outside: list[SuppressionSource] = []
    if configured.ignores:
        covered = _is_read(configured.directory, judged.whole)
        relative = relative_to_configuration(configured.directory, judged.whole.paths)
        outside.append(IgnoreSource(configured.ignores, relative, covered=covered))
    if configured.baseline:
        outside.append(BaselineSource(configured.baseline, judged.whole.paths))
    for source in outside:
        found = _ask_sources(found, [source])
    return sort_findings((*found, *_list_complaints(outside, facts, judged)), judged.whole.paths)


def _ask_sources(found: Iterable[Diagnostic], sources: Sequence[SuppressionSource]) -> tuple[Diagnostic, ...]:
    """The findings after each source was asked for each of them."""
    asked = []
    for item in found:
        excuses = [excuse for source in sources if (excuse := source.find_suppression(item)) is not None]
        suppression = item.suppression or next(iter(excuses), None)
        asked.append(item._replace(suppression=suppression))
    return tuple(asked)


def _list_annotated(judged: JudgedRun) -> Iterator[tuple[str, Object]]:
    """The objects that may be annotated: those that are built with their unit, for a patch annotates what stands elsewhere."""
    files = {file.file for file in judged.parsed if KEY in file.text}
    if not files:
        return
    built = [(unit.root, item) for unit in judged.whole.judged if unit.is_built for item in unit.objects]
    yield from built
    made = {item for _, item in built}
    yield from ((item.file, item) for item in judged.whole.objects if item.file in files and item not in made)


def _list_complaints(
    sources: Iterable[SuppressionSource], facts: RunFacts, judged: JudgedRun
) -> tuple[Diagnostic, ...]:
    """What the sources have to say against themselves, by the rules for it that run."""
    rules = {rule.id: rule for rule in judged.running}
    return tuple(
        make_diagnostic(rules[rule], finding, "", judged.choice)
        for source in sources
        for rule, finding in source.complaints(facts)
        if rule in rules
    )


def _run_facts(outcome: RunOutcome, judged: JudgedRun) -> RunFacts:
    known = frozenset(judged.known)
    silent = known if outcome.gave_up else frozenset(rule for rule in known if not judged.choice.runs(rule))
    return RunFacts(
        known,
        silent | outcome.failed,
        find_judged_files(judged),
        judged.hint,
        tuple(judged.unread),
    )


def _is_read(directory: str, whole: Input) -> bool:
    """Whether a PATH is the directory or one above it."""
    inner = real_path(directory)
    outer = [whole.paths.real(root.path) for root in whole.paths.roots if root.is_directory]
    return any(is_below(inner, path) for path in outer)
