"""The main job, from what was loaded to a report: the whole order, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from kubeqed import __version__
from kubeqed.app.chart_search import ChartSearch
from kubeqed.app.check.shown import Show, count_findings, summarize_units
from kubeqed.app.check.summary import notices_of_given_up, notices_of_joins, notices_of_templates, summarize
from kubeqed.app.check.suppressing import load_baseline_for, suppress_findings
from kubeqed.app.finding_filter import select_concerned, select_placed
from kubeqed.app.load import Loaded, Reading, load, load_file, resume_collector
from kubeqed.app.settings import CommandLineSettings, choose_rules
from kubeqed.app.steps import Tell, ignore_progress
from kubeqed.config import ConfigurationError, Settings, did_you_mean
from kubeqed.diagnostic import Certainty, Diagnostic, FailuresNoted, Notice, NoticeKind
from kubeqed.model.confidential.plain_values import PlainPlaces
from kubeqed.model.confidential.redacted_lines import redact_lines
from kubeqed.model.kinds.service import Service
from kubeqed.model.units.input import Input
from kubeqed.parse import Parsed, parse, split_lines
from kubeqed.report import CheckResult, RuleDescription, Summary
from kubeqed.rule.catalogue import Rule, find_rules
from kubeqed.rule.run import CancelCheck, RunOutcome, never_cancel, run_rules
from kubeqed.rule.select import choose
from kubeqed.rule.suppress.run_facts import JudgedRun
from kubeqed.sources import read_found

if TYPE_CHECKING:
    from kubeqed.rule.suppress.baseline import Baseline


class CheckRequest(NamedTuple):
    """What a user asks for: PATHs, the stated world, what is shown, and what the command line states.

    `about` narrows the findings to those that concern some files or directories; when it is empty, none is left out.
    `baseline` is a file; `anew` says that none is looked at, the configuration's neither. `policy_base` is a git revision:
    what suppresses findings here and not there is said.
    """

    paths: tuple[str, ...]
    closed: bool = False
    show: Show = Show()
    statement: CommandLineSettings = CommandLineSettings()
    about: tuple[str, ...] = ()
    baseline: str | None = None
    anew: bool = False
    policy_base: str | None = None


class Analysis(NamedTuple):
    """The report, the input it speaks of, each file as parsed, what the configuration states, and which values are plain."""

    report: CheckResult
    input: Input
    parsed: dict[str, Parsed]
    settings: Settings
    plain: PlainPlaces

    def lines(self, file: str) -> Sequence[str]:
        """The lines of a file, none for one that has no text."""
        return split_lines(self.parsed[file].text) if file in self.parsed else ()

    def visible_lines(self, file: str) -> Sequence[str]:
        """The lines of a file as a report may show them, without what is confidential."""
        if file not in self.parsed:
            return ()
        return redact_lines(self.parsed[file], self._list_service_names(file), self.plain.of(file))

    def _list_service_names(self, file: str) -> frozenset[str]:
        units = [unit for unit in self.input.units if file in unit.files]
        return frozenset(item.name for unit in units for item in unit.of(Service) if isinstance(item.name, str))


def analyze(
    request: CheckRequest,
    stdin: BinaryIO | None = None,
    tell: Tell = ignore_progress,
    *,
    reading: Reading = load_file,
    cancel_check: CancelCheck = never_cancel,
    for_good: bool = False,
) -> Analysis:
    """Loads, proves and reports; raises only what `load`, `load_baseline_for` and `cancel_check` raise.

    `reading` may remember files of an earlier run; `cancel_check` is called between rules; `for_good`: the process ends with this.
    """
    known = find_rules()
    known_ids = [rule.id for rule in known]
    failures: list[Notice] = []
    loaded = load(
        request.paths,
        request.statement,
        closed=request.closed,
        known=known,
        stdin=stdin,
        tell=tell,
        reading=reading,
        for_good=for_good,
        within=bool(request.about),
        search=ChartSearch(failures) if Certainty.POSSIBLE in request.show.certainties else None,
    )
    resume_collector()  # Z3's contexts are garbage that only it finds
    whole, settings = loaded.input, loaded.settings
    choice = choose_rules(settings)
    baseline = None if request.anew else load_baseline_for(request.baseline, settings, known_ids)
    running = choose(known, choice)
    tell(f"proving, {len(whole.objects)} objects")
    outcome = run_rules(whole, running, settings.cluster, choice, cancel_check)
    loaded = _with_configuration(loaded, outcome)
    unread = [item.path for item in loaded.collected.unread]
    judged = JudgedRun(whole, loaded.parsed, known_ids, running, choice, partial(did_you_mean, known=known_ids), unread)
    diagnostics = outcome.diagnostics
    with FailuresNoted(failures, "looking for what suppresses findings"):
        diagnostics = suppress_findings(outcome, judged, settings, baseline)
    found = select_concerned(request.about, select_placed(diagnostics, lambda file: file not in whole.beyond), whole)
    changed = _policy_changes(request.policy_base, settings, baseline, loaded, known)
    report = _make_result(request.show, loaded, outcome, judged, found, (*changed, *failures))
    return Analysis(report, whole, {file.file: file for file in loaded.parsed}, settings, _list_plain_places(whole))


def _list_plain_places(whole: Input) -> PlainPlaces:
    return PlainPlaces(placed for unit in whole.judged for build in unit.builds for placed in build.documents)


def _with_configuration(loaded: Loaded, outcome: RunOutcome) -> Loaded:
    """With the configuration as a file that was read, where findings stand in it: lines of it are shown, and suppress."""
    path = loaded.settings.path
    stand_there = any(item.span.file == path for item in outcome.diagnostics)
    if path is None or loaded.settings.revision or not stand_there or any(file.file == path for file in loaded.parsed):
        return loaded
    try:
        return loaded._replace(parsed=(*loaded.parsed, parse(read_found(path))))
    except OSError:  # it was there when it was read as a configuration
        return loaded


def _make_result(
    show: Show,
    loaded: Loaded,
    outcome: RunOutcome,
    judged: JudgedRun,
    found: Sequence[Diagnostic],
    more: Sequence[Notice],
) -> CheckResult:
    """What is shown of the findings that were asked for; `more` are notices of the steps after the rules."""
    whole = loaded.input
    passed = show.let_through(found, judged.choice)
    findings = show.visible(passed)
    failures: list[Notice] = []
    said: list[str] = []
    with FailuresNoted(failures, "summing up"):
        said += summarize(whole, loaded.collected, loaded.settings.cluster, any_found=bool(found))
    notices = (
        *loaded.collected.notices,
        *notices_of_templates(manifest for manifest in whole.manifests if manifest.file not in whole.beyond),
        *notices_of_joins(whole),
        *notices_of_given_up(whole),
        *outcome.notices,
        *more,
        *failures,
    )
    shown = {item.rule for item in findings}
    return CheckResult(
        findings=findings,
        notices=notices,
        units=summarize_units(whole),
        summary=count_findings(whole, found, passed, outcome.gave_up),
        caveats=tuple(said),
        rules={rule.id: describe_rule(rule) for rule in judged.running if rule.id in shown},
        version=__version__,
        show_hidden=show.hidden,
    )


def report_refusal(error: ConfigurationError) -> CheckResult:
    """The report of a run in which nothing was analysed, because the configuration cannot be used."""
    notices = (Notice(NoticeKind.CONFIGURATION, span, message) for span, message in error.complaints)
    return CheckResult((), tuple(notices), (), Summary(0, 0, 0, 0, 0, 0), (), {}, __version__)


def _policy_changes(
    base: str | None, settings: Settings, baseline: Baseline | None, loaded: Loaded, known: Sequence[Rule]
) -> tuple[Notice, ...]:
    if base is None:
        return ()
    from kubeqed.app.check.policy import FindingPolicy, find_policy_changes  # few ask

    return tuple(find_policy_changes(base, FindingPolicy(settings, baseline), loaded, known))


def describe_rule(rule: Rule) -> RuleDescription:
    """A rule as reports show it."""
    meta = rule.meta
    return RuleDescription(
        rule.id, rule.folder, meta.summary, rule.text, meta.certainty, meta.since, meta.references, meta.exposure
    )
