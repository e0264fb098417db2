"""Option values that are more than text."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

import click

from kubeqed.cli.shown import DEFAULT, Show
from kubeqed.diagnostic import Certainty, Severity
from kubeqed.model.cluster import NEWEST_KUBERNETES, OLDEST_KUBERNETES, Version
from kubeqed.report import format_names, is_document


class Output(NamedTuple):
    """A format, and the file it goes to; None is standard output."""

    format: str
    file: str | None = None


class _OutputFormat(click.ParamType[Output]):
    name = "FORMAT[=FILE]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Output:
        name, into, file = str(value).partition("=")
        if name not in format_names():
            self.fail(f"{name!r} is none of {', '.join(format_names())}", param, ctx)
        if into and not file:
            self.fail(f"{value!r} names no file", param, ctx)
        return Output(name, file or None)


class _Shown(click.ParamType[Show]):
    name = "CERTAINTY,..."

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Show:
        if isinstance(value, Show):
            return value
        known = {certainty.value: {certainty} for certainty in Certainty} | {"all": set(Certainty), "suppressed": set()}
        names = [name.strip() for name in str(value).split(",")]
        unknown = [name for name in names if name not in known]
        if unknown:
            self.fail(f"{unknown[0]!r} is none of {', '.join(known)}", param, ctx)
        certainties = frozenset(certainty for name in names for certainty in known[name])
        return Show(certainties or DEFAULT, "suppressed" in names)


class _Severities(click.ParamType["Severity | None"]):
    name = "error|warning|note|never"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Severity | None:
        if value == "never":
            return None
        try:
            return Severity(value)
        except ValueError:
            self.fail(f"{value!r} is none of error, warning, note, never", param, ctx)


def apart(_: click.Context, __: click.Parameter, outputs: tuple[Output, ...]) -> tuple[Output, ...]:
    """Outputs that do not get into each other's way."""
    counts = Counter(output.file for output in outputs)
    for name, file in outputs:
        if counts[file] > 1 and (file or is_document(name)):
            advice = "" if file else f"; write {name}=FILE"
            raise click.BadParameter(f"{file or 'standard output'} cannot hold {name} and more{advice}")
    return outputs


def kubernetes_version(text: str) -> Version:
    """A minor version; ValueError, which click reports, when it is none."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)(\.\d+)?", text)
    if not match or match[1] != "1":
        raise ValueError(text)
    version = Version(1, int(match[2]))
    if said := undescribed(version):
        click.echo(f"kubeqed: {said}", err=True)
    return version


def undescribed(version: Version) -> str | None:
    """How a version that nobody described is judged; None for one that is known."""
    if version > NEWEST_KUBERNETES:
        return f"Kubernetes {version} is not known yet and judged as {NEWEST_KUBERNETES}"
    if version < OLDEST_KUBERNETES:
        return f"the fields of Kubernetes {version} are judged as those of {OLDEST_KUBERNETES}"
    return None


OUTPUT_FORMAT, SHOWN, SEVERITIES = _OutputFormat(), _Shown(), _Severities()
