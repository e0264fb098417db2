"""The main job from PATHs to a report: the whole order, and nothing else."""

from __future__ import annotations

from typing import BinaryIO, NamedTuple

from kubeqed import __version__
from kubeqed.cli.about import concerning
from kubeqed.cli.progress import Tell, counted, silent
from kubeqed.cli.remarks import remarks, skipped
from kubeqed.cli.settings import Statement, choice_of, settings_for
from kubeqed.cli.shown import Show, summary_of, unit_summaries
from kubeqed.cli.suppressing import baseline_for, suppressed
from kubeqed.config import did_you_mean
from kubeqed.model.input import Input, divide
from kubeqed.model.read import read
from kubeqed.parse import parse
from kubeqed.report import Report, RuleDescription
from kubeqed.rule.catalogue import Rule, rules
from kubeqed.rule.judged import Judged
from kubeqed.rule.run import run
from kubeqed.rule.select import chosen
from kubeqed.sources import collect


class Request(NamedTuple):
    """What a user asks for: PATHs, the stated world, what is shown, and what the command line states.

    `about` narrows the findings to those that concern some files or directories; when it is empty, none is left out.
    `baseline` is a file; `anew` says that none is looked at, the configuration's neither.
    """

    paths: tuple[str, ...]
    closed: bool = False
    show: Show = Show()
    statement: Statement = Statement()
    about: tuple[str, ...] = ()
    baseline: str | None = None
    anew: bool = False


class Analysis(NamedTuple):
    """The report, the input it speaks of, and the text of each file for excerpts."""

    report: Report
    input: Input
    texts: dict[str, str]


def analyze(request: Request, stdin: BinaryIO | None = None, tell: Tell = silent) -> Analysis:
    """Reads, divides, proves and reports; raises only what `settings_for` and `baseline_for` raise."""
    known = rules()
    settings = settings_for(request.paths, request.statement, known)
    choice = choice_of(settings)
    known_ids = [rule.id for rule in known]
    baseline = None if request.anew else baseline_for(request.baseline, settings, known_ids)
    tell("looking for manifests")
    collected = collect(request.paths, stdin)
    parsed = [parse(file) for file in counted(collected.files, "reading file", tell)]
    manifests = [read(file) for file in parsed]
    whole = divide(manifests, collected.roots, stated=settings.units, closed=request.closed, charts=collected.charts)
    running = chosen(known, choice)
    tell(f"proving, {len(whole.objects)} objects")
    outcome = run(whole, running, settings.cluster, choice)
    judged = Judged(whole, parsed, known_ids, running, choice, lambda rule: did_you_mean(rule, known_ids))
    diagnostics = suppressed(outcome, judged, settings, baseline)
    found = concerning(request.about, diagnostics)
    passed = request.show.let_through(found, choice)
    findings = request.show.heard(passed)
    report = Report(
        findings=findings,
        notices=(*collected.notices, *skipped(manifests), *outcome.notices),
        units=unit_summaries(whole),
        summary=summary_of(whole, found, passed, outcome.gave_up),
        remarks=tuple(remarks(whole, collected, settings.cluster)),
        rules={rule.id: _described(rule) for rule in running if any(item.rule == rule.id for item in findings)},
        version=__version__,
        show_hidden=request.show.hidden,
    )
    return Analysis(report, whole, {file.file: file.text for file in parsed})


def _described(rule: Rule) -> RuleDescription:
    meta = rule.meta
    return RuleDescription(
        rule.id, rule.folder, meta.summary, rule.text, meta.certainty, meta.since, meta.references, meta.exposure
    )
