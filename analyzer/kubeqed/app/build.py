"""`kubeqed build`: what a directory applies, built and without the values of Secrets."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.build.built import NOTHING_BUILT, Built, merge_builds
from kubeqed.build.files import TreeFiles
from kubeqed.build.kustomize.build import build
from kubeqed.build.kustomize.names import KUSTOMIZATIONS
from kubeqed.build.refusal import HELM, Refusal, RefusalError
from kubeqed.model.cluster import NEWEST_KUBERNETES
from kubeqed.model.confidential.built import redact_message, redact_secrets
from kubeqed.parse import Place, PlacedDocument
from kubeqed.report.build.messages import BuildMessages, build_messages
from kubeqed.sources import Paths, Root, collect, find_upwards, real_path, tree_around
from kubeqed.sources.chart import CHART_FILE

if TYPE_CHECKING:
    from kubeqed.build.gotemplate.values import PlacedMap

_COMMAND_LINE = "<command line>"


class BuildPathError(Exception):
    """A PATH at which nothing can be built; the text says what to name instead."""


class BuildResult(NamedTuple):
    """The objects in the order of the build, how many of their values are redacted, and what was refused or is missing."""

    documents: tuple[PlacedDocument, ...]
    redacted: int
    messages: BuildMessages


class ChartValues(NamedTuple):
    """What the command line states for a chart: the release, its namespace, files of values, pairs of `--set`.

    `kubernetes` is the version of the cluster, `api_versions` what it serves beside the server's own.
    """

    release: str = "release-name"
    namespace: str = "default"
    files: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    kubernetes: str = f"{NEWEST_KUBERNETES}.0"
    api_versions: tuple[str, ...] = ()


NO_VALUES = ChartValues()


def build_path(path: str, values: ChartValues = NO_VALUES, *, show_secrets: bool = False) -> BuildResult:
    """Builds the kustomization at a PATH: a directory, or the file itself; else the chart there, else the cluster that begins there.

    A BuildPathError where there is none of them.
    """
    if _holds_kustomization(path):
        built, read = _build_kustomization(path)
    elif _holds_chart(path):
        built = _build_chart(path, values)
        read = built.documents
    else:
        built, read = _build_cluster(path)
    redacted = redact_secrets(() if show_secrets else built.documents)
    documents = built.documents if show_secrets else redacted.documents
    redact = cache(lambda text: redact_message(text, read))
    refused = (*built.refusals, *built.outside)
    messages = build_messages(built, redact, _broken_build(refused[0].tool) if refused else "")
    return BuildResult(documents, redacted.redacted, messages)


def _build_kustomization(path: str) -> tuple[Built, tuple[PlacedDocument, ...]]:
    """What a kustomization applies, and all documents that were read for it."""
    directory = _directory_of(path)
    real = real_path(directory)
    paths = Paths({directory: real}, roots=(Root(directory, is_directory=True),))
    with tree_around(real) as tree:
        files = TreeFiles(tree, paths.printed)
        built = build(real, files, Place(directory, 0, 0))
        return built, tuple(files.all_documents())


def _build_chart(path: str, values: ChartValues) -> Built:
    """What a chart applies at the values that are stated."""
    from kubeqed.build.helm.build import ChartRequest, build_chart  # a chart is seldom built by itself
    from kubeqed.build.helm.value_set import SetText, ValueSet, ValueSetOrigin

    directory = _directory_of(path)
    real = real_path(directory)
    paths = Paths({directory: real}, roots=(Root(directory, is_directory=True),))
    pairs = tuple(SetText(text, Place.at_start(_COMMAND_LINE)) for text in values.pairs)
    try:
        given = tuple(map(_read_values, values.files))
    except RefusalError as error:
        return NOTHING_BUILT._replace(refusals=(Refusal(error.place or Place(path, 0, 0), error.reason, tool=HELM),))
    at = ValueSet(_COMMAND_LINE, ValueSetOrigin.STATED, given, pairs, values.release, values.namespace)
    request = ChartRequest(real, at, values.kubernetes, api_versions=values.api_versions)
    with tree_around(real) as tree:
        return build_chart(request, TreeFiles(tree, paths.printed), Place.at_start(directory))


def _read_values(path: str) -> PlacedMap:
    """The values of a file that the user names, wherever it lies."""
    from kubeqed.build.helm.values import read_values

    found = collect((path,), None).files if os.path.isfile(path) else ()
    if not found:
        raise BuildPathError(f"the file of values {path!r} cannot be read")
    return read_values(found[0].content.decode(errors="replace"), path, f"failed to parse {path}")


def _build_cluster(path: str) -> tuple[Built, tuple[PlacedDocument, ...]]:
    """What GitOps objects state that reaches the cluster which begins at a path, and all documents that were read."""
    # With the whole model, which a kustomization does not need.
    from kubeqed.app.load import load
    from kubeqed.app.settings import CommandLineSettings
    from kubeqed.model.units.unit import UnitOrigin

    if not os.path.lexists(path):
        raise BuildPathError(
            f"{path!r} does not exist: name a directory that holds a {KUSTOMIZATIONS[0]}, or that file"
        )
    whole = load((path,), CommandLineSettings(), closed=False).input
    here = [one for one in whole.units if one.found is UnitOrigin.CLUSTER and real_path(path) in one.places]
    if not here:
        advice = _give_advice(_directory_of(path))
        raise BuildPathError(
            f"no {KUSTOMIZATIONS[0]} and no {CHART_FILE} is at {path!r}, and no cluster of GitOps objects begins there: {advice}"
        )
    used = here[0].built_from
    written = (one for one in whole.manifests if one.file in here[0].files and whole.paths.real(one.file) not in used)
    documents = tuple(placed for one in written for placed in one.documents)
    built = merge_builds((NOTHING_BUILT._replace(documents=documents), *here[0].builds))
    return built, tuple(placed for one in whole.manifests for placed in one.contents())


def _broken_build(tool: str) -> str:
    from kubeqed.rule.broken_build import broken_rule  # with the whole room of the rules, which few builds need

    return broken_rule(tool)


def _directory_of(path: str) -> str:
    """The directory that a PATH is or stands in."""
    return path if os.path.isdir(path) else os.path.dirname(path) or os.curdir


def _holds_kustomization(path: str) -> bool:
    """Whether a PATH means a kustomization: its directory, or its file."""
    if os.path.isdir(path):
        return any(os.path.isfile(os.path.join(path, name)) for name in KUSTOMIZATIONS)
    return os.path.lexists(path) and os.path.basename(path) in KUSTOMIZATIONS


def _holds_chart(path: str) -> bool:
    """Whether a PATH means a chart: its directory, or its description."""
    if os.path.isdir(path):
        return os.path.isfile(os.path.join(path, CHART_FILE))
    return os.path.lexists(path) and os.path.basename(path) == CHART_FILE


def _give_advice(directory: str) -> str:
    """What to name instead of something in a directory."""
    found = find_upwards(directory, *KUSTOMIZATIONS)
    near = f", such as {os.path.dirname(found) or os.curdir}" if found else "; kubeqed check reads plain manifests"
    return f"name a directory that holds one{near}"
