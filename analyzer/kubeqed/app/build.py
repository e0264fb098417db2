"""`kubeqed build`: what a directory applies, built and without the values of Secrets."""

from __future__ import annotations

import os
from functools import cache
from typing import NamedTuple

from kubeqed.build.files import TreeFiles
from kubeqed.build.kustomize.build import build
from kubeqed.build.kustomize.source.directory import NAMES
from kubeqed.model.confidential.built import redact_message, redact_secrets
from kubeqed.parse import Place, PlacedDocument
from kubeqed.report.build.messages import BuildMessages, build_messages
from kubeqed.sources import Paths, Root, find_upwards, is_below, real_path, repository_root, tree_around

_CHART = "Chart.yaml"


class BuildPathError(Exception):
    """A PATH at which nothing can be built; the text says what to name instead."""


class BuildResult(NamedTuple):
    """The objects in the order of the build, how many of their values are redacted, and what was refused or is missing."""

    documents: tuple[PlacedDocument, ...]
    redacted: int
    messages: BuildMessages


def build_path(path: str, *, show_secrets: bool = False) -> BuildResult:
    """Builds the kustomization at a PATH: a directory, or the file itself; a BuildPathError where there is none."""
    directory = _directory_of(path)
    real = real_path(directory)
    paths = Paths({directory: real}, roots=(Root(directory, is_directory=True),))
    with tree_around(_top_of(real)) as tree:
        files = TreeFiles(tree, paths.printed)
        built = build(real, files, Place(directory, 0, 0))
    redacted = redact_secrets(() if show_secrets else built.documents)
    documents = built.documents if show_secrets else redacted.documents
    redact = cache(lambda text: redact_message(text, files.all_documents()))
    messages = build_messages(built, redact, _broken_build() if built.refusals or built.outside else "")
    return BuildResult(documents, redacted.redacted, messages)


def _broken_build() -> str:
    from kubeqed.rule.broken_build import BROKEN_BUILD  # with the whole room of the rules, which few builds need

    return BROKEN_BUILD


def _top_of(real: str) -> str:
    """The directory whose repository may be read; without a repository, the current directory if it holds the other.

    Who stands at home or at the root of the disk has not named all that lies below.
    """
    here = real_path(os.curdir)
    is_wide = here in (real_path(os.path.expanduser("~")), os.path.dirname(here))
    return real if repository_root(real) or is_wide or not is_below(real, here) else here


def _directory_of(path: str) -> str:
    """The directory of the kustomization that a PATH means."""
    if os.path.isdir(path):
        if not any(os.path.isfile(os.path.join(path, name)) for name in NAMES):
            raise BuildPathError(f"no {NAMES[0]} is in {path!r}: {_advice(path)}")
        return path
    if not os.path.lexists(path):
        raise BuildPathError(f"{path!r} does not exist: name a directory that holds a {NAMES[0]}, or that file")
    directory, name = os.path.split(path)
    if name not in NAMES:
        raise BuildPathError(f"{path!r} is no kustomization: {_advice(directory or os.curdir)}")
    return directory or os.curdir


def _advice(directory: str) -> str:
    """What to name instead of something in a directory."""
    if os.path.isfile(os.path.join(directory, _CHART)):
        return f"a chart is not built; kubeqed check reads what it renders: helm template {directory} | kubeqed check -"
    found = find_upwards(directory, *NAMES)
    near = f"such as {os.path.dirname(found) or os.curdir}" if found else "and kubeqed check reads plain manifests"
    return f"name a directory that holds one, {near}"
