"""A file to settings, or everything that is wrong with it."""

from __future__ import annotations

import os.path
from collections.abc import Iterator

from pydantic import ValidationError

from kubeqed.config.complaint import Complaint, ConfigurationError
from kubeqed.config.keys import Configuration
from kubeqed.config.nearest import quote_text
from kubeqed.config.places import Places
from kubeqed.config.settings import Settings
from kubeqed.config.settle import nothing_stated, to_settings
from kubeqed.config.values import describe_value
from kubeqed.config.words import describe
from kubeqed.diagnostic import Span
from kubeqed.parse import Mapping, Parsed, PlacedDocument, Problem, ProblemKind, parse
from kubeqed.sources import SourceFile, real_path


def read(source: SourceFile, directory: str | None = None) -> Settings:
    """The settings that a file states; a ConfigurationError holds everything that is wrong with it.

    `directory` is where its paths start, if that is not its own. A file of comments alone, as `init` may write it, states
    nothing.
    """
    parsed = parse(source)
    if not parsed.documents and "#" in parsed.text:
        return nothing_stated(source.path, directory)
    placed, root, wrong = read_mapping(parsed, "cluster")
    places = Places(placed)
    try:
        configuration = Configuration.model_validate(root)
    except ValidationError as error:
        # What parse refused is no value either, and needs no second message.
        said = {
            placed.placed(problem.mark).span
            for problem in placed.document.problems
            if problem.kind == ProblemKind.NOT_READABLE
        }
        wrong += (complaint for complaint in describe(error, places) if complaint.span not in said)
        raise ConfigurationError(tuple(sorted(wrong))) from None
    settings = to_settings(configuration, places, directory)
    wrong += _stated_twice(settings)
    if wrong:
        raise ConfigurationError(tuple(sorted(wrong)))
    return settings


def read_mapping(parsed: Parsed, usual: str) -> tuple[PlacedDocument, Mapping, list[Complaint]]:
    """The one mapping of a file, and what parse has against it; `usual` is a key that is expected in it.

    Raises a ConfigurationError where the file holds no mapping.
    """
    placed = _only_document(parsed, usual)
    wrong = [_make_complaint(placed, problem) for problem in placed.document.problems]
    root = placed.document.root
    if not placed.document.broken and not isinstance(root, Mapping):
        wrong.append(
            Complaint(_find_top(placed), f"expected a mapping with keys such as {usual}, found {describe_value(root)}")
        )
    if not isinstance(root, Mapping):
        raise ConfigurationError(tuple(wrong))
    return placed, root, wrong


def _only_document(parsed: Parsed, usual: str) -> PlacedDocument:
    documents = parsed.documents
    if not documents:
        raise _make_refusal(Span(parsed.file, 1, 1, 1, 1), f"the file is empty: state a key such as {usual}")
    if len(documents) > 1:
        raise _make_refusal(_find_top(documents[1]), "such a file is one document, and here starts another")
    if documents[0].document.template:
        raise _make_refusal(_find_top(documents[0]), "the file is a template, and nothing fills it in here")
    return documents[0]


def _make_refusal(span: Span, message: str) -> ConfigurationError:
    return ConfigurationError((Complaint(span, message),))


def _find_top(placed: PlacedDocument) -> Span:
    return placed.placed(placed.document.top).span


def _make_complaint(placed: PlacedDocument, problem: Problem) -> Complaint:
    message = problem.message
    if problem.kind == ProblemKind.KEY_TWICE:
        first = placed.placed(problem.related[0][0]).span
        message = f"{message.removesuffix(', the last one wins')}, first in line {first.line}"
    return Complaint(placed.placed(problem.mark).span, message)


def _stated_twice(settings: Settings) -> Iterator[Complaint]:
    seen = set()
    for unit, places in zip(settings.units, settings.unit_places, strict=True):
        for path, place in zip(unit.paths, places, strict=True):
            if path in seen:
                written = os.path.relpath(path, real_path(settings.directory))
                yield Complaint(place.span, f"the unit {quote_text(written)} is stated twice")
            seen.add(path)
