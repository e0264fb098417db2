"""Option values that are more than text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import click

from kubeqed.app.check.shown import DEFAULT, ListFilter, Show
from kubeqed.app.check.versions import notice_of_version
from kubeqed.cli.path import PATH
from kubeqed.cli.streams import write_err
from kubeqed.diagnostic import Certainty, Severity
from kubeqed.model.cluster import KubernetesVersion
from kubeqed.report import format_names, is_document

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


T = TypeVar("T")
Decorator = Callable[[Callable[..., None]], Callable[..., None]]

_CERTAINTIES = {certainty.value: certainty for certainty in Certainty}
_SHOWN = {certainty.value: {certainty} for certainty in Certainty} | {"all": set(Certainty), "suppressed": set()}
_SEVERITIES = ("error", "warning", "note", "never")


class Output(NamedTuple):
    """A format, and the file it goes to; None is standard output."""

    format: str
    file: str | None = None


def _beginning_with(start: str, words: Iterable[str], before: str = "") -> list[CompletionItem]:
    """What a shell offers for the beginning of a word; `before` is what stands before it already."""
    from click.shell_completion import CompletionItem  # only a shell that asks needs it

    return [CompletionItem(before + word) for word in words if word.startswith(start)]


class _OutputFormat(click.ParamType[Output]):
    name = "FORMAT[=FILE]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Output:
        name, into, file = str(value).partition("=")
        if name not in format_names():
            self.fail(f"{name!r} is none of {', '.join(format_names())}", param, ctx)
        if into and not file:
            self.fail(f"{value!r} names no file", param, ctx)
        return Output(name, file or None)

    def shell_complete(self, _: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _beginning_with(incomplete, format_names())


class _Listed(click.ParamType[T]):
    """A list with commas; `offered` are the words that a shell completes."""

    def _split_names(self, value: object) -> list[str]:
        return [name.strip() for name in str(value).split(",") if name.strip()]

    def offered(self) -> Iterable[str]:
        raise NotImplementedError

    def shell_complete(self, _: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, start = incomplete.rpartition(",")
        return _beginning_with(start, self.offered(), before + comma)


class _Shown(_Listed[Show]):
    name = "CERTAINTY,..."

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Show:
        if isinstance(value, Show):
            return value
        names = self._split_names(value)
        unknown = [name for name in names if name not in _SHOWN]
        if unknown:
            self.fail(f"{unknown[0]!r} is none of {', '.join(_SHOWN)}", param, ctx)
        added = frozenset(certainty for name in names for certainty in _SHOWN[name])
        return Show(DEFAULT | added, "suppressed" in names)

    def offered(self) -> Iterable[str]:
        return _SHOWN


class _Rules(_Listed[tuple[str, ...]]):
    name = "RULE,..."

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        from kubeqed.config.rule_ids import wrong_name

        names, known = self._split_names(value), self.offered()
        for name in names:
            if wrong := wrong_name(name, known, glob=True):
                self.fail(wrong, param, ctx)
        return tuple(names)

    def offered(self) -> list[str]:
        from kubeqed.rule.catalogue import find_rules

        return [rule.id for rule in find_rules()]


class _Only(_Rules):
    """Rules and certainties together, as they stand."""

    name = "RULE|CERTAINTY,..."

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        names = self._split_names(value)
        super().convert(",".join(name for name in names if name not in _CERTAINTIES), param, ctx)
        return tuple(names)

    def offered(self) -> list[str]:
        return [*_CERTAINTIES, *super().offered()]


class _Severity(click.ParamType["Severity | None"]):
    name = "error|warning|note|never"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Severity | None:
        if value == "never":
            return None
        try:
            return Severity(value)
        except ValueError:
            self.fail(f"{value!r} is none of {', '.join(_SEVERITIES)}", param, ctx)

    def shell_complete(self, _: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _beginning_with(incomplete, _SEVERITIES)


def split_list(_: click.Context, __: click.Parameter, outputs: tuple[Output, ...]) -> tuple[Output, ...]:
    """Outputs that do not get into each other's way."""
    counts = Counter(output.file for output in outputs)
    for name, file in outputs:
        if counts[file] > 1 and (file or is_document(name)):
            advice = "" if file else f"; write {name}=FILE"
            raise click.BadParameter(f"{file or 'standard output'} cannot hold {name} and more{advice}")
    return outputs


def kubernetes_version(text: str) -> KubernetesVersion:
    """A minor version; ValueError, which click reports, when it is none."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)(\.\d+)?", text)
    if not match or match[1] != "1":
        raise ValueError(text)
    version = KubernetesVersion(1, int(match[2]))
    if said := notice_of_version(version):
        write_err(f"kubeqed: {said}")
    return version


def group_options(_: click.Context, __: click.Parameter, values: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The names of an option that was given several times."""
    return tuple(name for names in values for name in names)


def only(context: click.Context, option: click.Parameter, values: tuple[tuple[str, ...], ...]) -> ListFilter:
    """What `--only` names: certainties, and all else are rules."""
    names = group_options(context, option, values)
    certainties = frozenset(_CERTAINTIES[name] for name in names if name in _CERTAINTIES)
    return ListFilter(tuple(name for name in names if name not in _CERTAINTIES), certainties)


OUTPUT_FORMAT, SHOWN, SEVERITIES, RULES, ONLY = _OutputFormat(), _Shown(), _Severity(), _Rules(), _Only()
SHOW = click.option(
    "--show",
    type=SHOWN,
    default="",
    help="Show these too, besides errors and warnings: possible, posture, all, suppressed.",
)
SELECT = click.option(
    "--select",
    type=RULES,
    callback=group_options,
    multiple=True,
    help="Run these rules alone, by id or glob; instead of rules.select of the configuration.",
)
IGNORE = click.option(
    "--ignore",
    type=RULES,
    callback=group_options,
    multiple=True,
    help="Do not run these rules, by id or glob; besides rules.ignore of the configuration.",
)
EXCLUDE = click.option(
    "--exclude",
    multiple=True,
    metavar="GLOB",
    help="Files and directories not to read, as in a .gitignore here; repeatable.",
)


def world_option(text: str) -> Decorator:
    """`--world`; `text` says what is closed."""
    return click.option("--world", type=click.Choice(["open", "closed"]), default="open", help=f"closed: {text}.")


def config_option(default: str) -> Decorator:
    """`--config`; `default` says where the file is looked for."""
    text = f"The configuration; default: kubeqed.yaml, upwards from {default}."
    return click.option("--config", type=PATH, metavar="FILE", help=text)


def within_option(reported: str) -> Decorator:
    """`--within`; `reported` says what is done with the other PATHs."""
    return click.option(
        "--within",
        type=PATH,
        multiple=True,
        metavar="PATH",
        help=f"Read all of this, but {reported}.",
    )


def quiet_option(printed: str) -> Decorator:
    """`--quiet`; `printed` says what is printed still."""
    return click.option("--quiet", "-q", is_flag=True, help=printed)


WORLD = world_option("the PATHs together are one cluster")
CONFIG = config_option("each PATH to the root of its repository")
KUBERNETES_VERSION = click.option(
    "--kubernetes-version", type=kubernetes_version, metavar="X.Y", help="Target version, such as 1.36."
)
QUIET = quiet_option("No notes: only the answer, and what could not be read.")
CNI = click.option("--cni", metavar="NAME", help="Answer for this CNI instead of the specification.")
PODS_BY_ADDRESS = click.option(
    "--pods-by-address/--pods-not-by-address", default=None, help="Whether ipBlocks match pods' addresses."
)
HOSTS_GOVERNED = click.option(
    "--host-network-governed", is_flag=True, help="Policies govern pods of the host network too."
)
