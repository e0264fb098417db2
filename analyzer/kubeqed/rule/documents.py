"""What is said of files and their documents, whatever unit they are in: what parse found, and what is no object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.apiserver import find_misspelt_type, is_of_another_program, is_read_by_program
from kubeqed.build.refusal import Refusal, RefusalCause, Remark, RemarkKind
from kubeqed.diagnostic import Certainty
from kubeqed.model.confidential.values import redact_path
from kubeqed.model.file_names import is_assertion, is_kustomization, may_be_part
from kubeqed.model.units.fragment import Fragment
from kubeqed.model.units.input import Input
from kubeqed.model.units.partial import may_be_partial
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.parse import PlacedDocument, Problem, ProblemKind
from kubeqed.rule.broken_build import broken_rule
from kubeqed.rule.finding import Finding
from kubeqed.rule.reasons import RULE_OF_PROBLEM

_UNTYPED = "value-rejected"
_FRAGMENT = "manifest-fragment"
_UNSURE = (
    RefusalCause.NO_FILE,
    RefusalCause.OUTSIDE,
    RefusalCause.EDITED,
    RefusalCause.VERSION,
    RefusalCause.VALUES,
)
_AT_MOST = dict.fromkeys(_UNSURE, Certainty.POSSIBLE)
_TWICE = ProblemKind.KEY_TWICE
_MERGED = "a second object starts here, without --- before it: of each key the last one wins"


def judge_documents(whole: Input) -> Iterator[tuple[str, Finding]]:
    """The findings, each with the id of the rule that stands for it."""
    units = {file: unit for unit in whole.units if unit.found is UnitOrigin.KUSTOMIZATION for file in unit.files}
    for manifest in whole.manifests:
        yield from ((_FRAGMENT, _of_fragment(fragment)) for fragment in manifest.fragments)
        if any(fragment.foreign for fragment in manifest.fragments):
            continue
        foreign = any(is_of_another_program(placed.document.root) for placed in manifest.documents)
        read_by_program = any(is_read_by_program(placed.document.root) for placed in manifest.documents)
        for placed in manifest.documents:
            if placed.document.is_manifest:
                yield from (
                    (RULE_OF_PROBLEM[problem.kind], _of_problem(placed, problem, certain=not read_by_program))
                    for problem in _list_problems(placed)
                )
            if not is_kustomization(manifest.file):
                found = _find_untyped(placed, units.get(manifest.file), whole, foreign=foreign)
                yield from ((_UNTYPED, finding) for finding in found)


def judge_builds(unit: Unit) -> Iterator[tuple[str, Finding]]:
    """What the tool refuses of the builds of a unit, each with the id of the rule that stands for it."""
    for build in unit.builds:
        for refusal in (*build.refusals, *build.outside):
            yield broken_rule(refusal.tool), _of_refusal(refusal)
        yield from map(_of_remark, build.remarks)


def _of_remark(remark: Remark) -> tuple[str, Finding]:
    """What is said of a value of a chart, with the id of its rule."""
    if remark.kind is RemarkKind.UNREAD:
        return "chart-value-unused", Finding(remark.place, f"no template reads the value {remark.value}")
    message = f"the value {remark.value} is read here and defined nowhere, so that it is empty unless it is given"
    return "chart-value-undefined", Finding(remark.place, message)


def _of_refusal(refusal: Refusal) -> Finding:
    message = f"{refusal.tool} does not build this: {refusal.reason}"
    return Finding(refusal.place, message, at_most=_AT_MOST.get(refusal.cause))


def _of_fragment(fragment: Fragment) -> Finding:
    message = f"{fragment.part} takes part in nothing, as a fragment: {fragment.why}"
    return Finding(fragment.part.at("kind"), message)


def _list_problems(placed: PlacedDocument) -> Iterable[Problem]:
    """What a document says against itself; a second object in it, without `---` before it, is one mistake."""
    problems = placed.document.problems
    twice = [problem for problem in problems if problem.kind == _TWICE and _is_key(problem.path)]
    if not {"apiVersion", "kind"} <= {problem.path for problem in twice}:
        return problems
    starts = [problem._replace(message=_MERGED) for problem in twice if problem.path == twice[0].path]
    return (*starts, *(problem for problem in problems if problem not in twice))


def _is_key(path: str) -> bool:
    """Whether a path is a key of the document's own mapping."""
    return not {".", "["} & {*path}


def _of_problem(placed: PlacedDocument, problem: Problem, *, certain: bool) -> Finding:
    """What a document says against itself; `certain` says that a server gets it, and no program that may read it otherwise."""
    related = tuple((placed.placed(mark), text) for mark, text in problem.related)
    at_most = None if certain else Certainty.POSSIBLE
    return Finding(
        placed.placed(problem.mark, problem.path), _redact_message(problem), related=related, at_most=at_most
    )


def _redact_message(problem: Problem) -> str:
    """The message, without a key that may be a value of a Secret."""
    hidden = problem.kind == _TWICE and redact_path(problem.path) != problem.path
    return "a key is defined twice, the last one wins" if hidden else problem.message


def _find_untyped(placed: PlacedDocument, unit: Unit | None, whole: Input, *, foreign: bool) -> Iterator[Finding]:
    """What is said of a document without a type; `foreign` says that another one of its file is another program's."""
    for violation in find_misspelt_type(placed.document.root, named=placed.file in whole.named):
        part = may_be_part(placed.file) or is_assertion(placed.file) or may_be_partial(placed.file, unit, whole)
        if violation.missing and (part or foreign):
            continue
        key = placed.key_at(violation.path)
        meant = violation.suggestion
        yield Finding(
            at=key if meant else placed.at(violation.path),
            message=violation.message,
            suggestion=meant,
            edit=(key, meant) if meant else None,
        )
