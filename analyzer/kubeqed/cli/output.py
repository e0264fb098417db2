"""Findings to standard output or files, everything else to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from functools import cache
from typing import TextIO

import click

from kubeqed.app.check import Analysis
from kubeqed.cli.options import Output
from kubeqed.cli.terminal import columns
from kubeqed.report import Options, renderer, summary_text
from kubeqed.sources import repository_root


def emit(analysis: Analysis, outputs: Iterable[Output], *, evidence: bool, category: str | None = None) -> None:
    """Writes the report in each format to its place, and the summary in words."""
    for output in outputs:
        options = _options(analysis, sys.stdout, evidence, bool(output.file))._replace(category=category)
        text = renderer(output.format)(analysis.report, options)
        if output.file is None:
            click.echo(text.encode(), nl=False)
        else:
            os.makedirs(os.path.dirname(output.file) or os.curdir, exist_ok=True)
            with open(output.file, "w", encoding="utf-8", newline="") as file:
                file.write(text)
    options = _options(analysis, sys.stderr, evidence, False)
    click.echo(summary_text(analysis.report, options), nl=False, err=True, color=options.color)


def _options(analysis: Analysis, stream: TextIO, evidence: bool, to_file: bool) -> Options:
    root = repository_root(next(iter(analysis.parsed), os.curdir))
    return Options(
        lines=cache(analysis.lines),
        visible_lines=cache(analysis.visible_lines),
        color=not to_file and wants_color(stream),
        evidence=evidence,
        repository_root=root,
        file_pages=_file_pages(root),
        width=columns(stream, 120),
    )


def _file_pages(root: str | None) -> str | None:
    """Where GitHub shows the files that a workflow has checked out; None elsewhere, and for another repository's."""
    stated = [os.environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "SHA", "WORKSPACE")]
    if root is None or not all(stated):
        return None
    server, repository, commit, workspace = map(str, stated)
    ours = os.path.realpath(workspace) == os.path.realpath(root)
    return f"{server}/{repository}/blob/{commit}" if ours else None


def wants_color(stream: TextIO) -> bool:
    """https://no-color.org and https://force-color.org; else whether the stream is a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()
