"""Which configuration holds, and what the command line states on top of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.config import (
    FILE_NAME,
    MISTAKEN_NAMES,
    Complaint,
    ConfigurationError,
    RuleSettings,
    Settings,
    check_rule_ids,
    default_settings,
    load,
)
from kubeqed.diagnostic import Span
from kubeqed.model.cluster import KubernetesVersion, Stated
from kubeqed.rule.catalogue import Rule
from kubeqed.rule.select import Choice
from kubeqed.sources import (
    Excluded,
    SourceFile,
    find_upwards,
    is_below,
    is_stream,
    read,
    read_found,
    real_path,
)

if TYPE_CHECKING:
    from kubeqed.sources.revision import Revision


class CommandLineSettings(NamedTuple):
    """What the command line states: a configuration, the target version, and globs of what is not read.

    The configuration is a file, or a git revision and a file in it; the globs start at the working directory. `select`
    and `ignore` are ids or globs of rules; `select`, unless empty, replaces what the configuration selects.
    """

    config: str | None = None
    kubernetes: KubernetesVersion | None = None
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def load_settings(
    paths: Sequence[str], statement: CommandLineSettings, known: Sequence[Rule] | None = None
) -> Settings:
    """The settings of a run; a ConfigurationError when the file is wrong or cannot be read.

    What the file says of rules is checked against the `known` ones; where they are None, no rule will run.
    """
    settings = _load_stated(paths, statement.config)
    if known is not None:
        _refuse_unknown_rules(settings, known)
    if statement.kubernetes:
        cluster = settings.cluster.restated(kubernetes=Stated(statement.kubernetes))
        settings = settings._replace(cluster=cluster)
    return settings._replace(rules=_add_choice(settings.rules, statement))


def _add_choice(stated: RuleSettings, statement: CommandLineSettings) -> RuleSettings:
    select = tuple(map(Stated, statement.select)) or stated.select
    return stated._replace(select=select, ignore=(*stated.ignore, *map(Stated, statement.ignore)))


def load_settings_of_revision(revision: Revision, paths: Sequence[str], *, needed: bool = True) -> Settings:
    """What the configuration of a revision states; one that names no file is searched for it, upwards from each PATH.

    A ConfigurationError says what is wrong with it, also that the file that is named is missing, if it is `needed`.
    """
    from kubeqed.sources.revision import RevisionError, read_if_there, read_revision, read_upwards  # few name one

    where = f"{revision.label}:{revision.inside}"
    try:
        if not revision.inside:
            nearest = {
                path: read_upwards(revision, _find_directory(path), FILE_NAME) for path in find_outermost_paths(paths)
            }
            agreed = _find_agreed((path, one.path if one else None) for path, one in nearest.items())
            source = next((one for one in nearest.values() if one and one.path == agreed), None)
        elif needed:
            source = read_revision(revision)
        else:
            source = read_if_there(revision)
    except RevisionError as error:
        message = f"cannot read the configuration: {error}"
        raise ConfigurationError((Complaint(Span(where, 1, 1, 1, 1), message),)) from None
    if source is None:
        return default_settings()
    inside = source.path.removeprefix(f"{revision.label}:")
    directory = os.path.join(revision.root, os.path.dirname(inside))
    return load(source, directory)._replace(revision=revision)


def _load_stated(paths: Sequence[str], named: str | None) -> Settings:
    if named is not None:
        revision = _find_revision(named, paths)
        return (
            load_settings_of_revision(revision, paths)
            if revision
            else load(_read_configuration(_spell_like(named, paths), read))
        )
    found = [(path, find_upwards(path, FILE_NAME, *MISTAKEN_NAMES)) for path in find_outermost_paths(paths)]
    _refuse_mistaken_names(config for _, config in found if config)
    path = _find_agreed((path, _spell_like(config, paths) if config else None) for path, config in found)
    return default_settings() if path is None else load(_read_configuration(path, read_found))


def _refuse_mistaken_names(found: Iterable[str]) -> None:
    for path in found:
        if os.path.basename(path) != FILE_NAME:
            text = f"a configuration is called {FILE_NAME}: rename this file, or name it with --config"
            raise ConfigurationError((Complaint(Span(path, 1, 1, 1, 1), text),))


def _find_agreed(found: Iterable[tuple[str, str | None]]) -> str | None:
    """The configuration of all PATHs, by that of each one; a ConfigurationError when two have different ones."""
    named = [(path, name) for path, name in found if name is not None]
    by_place = {(real_path(os.path.dirname(name)), os.path.basename(name)): (name, path) for path, name in named}
    if len(by_place) > 1:
        (first, path), (second, other) = islice(by_place.values(), 2)
        text = (
            f"{second} is the configuration of {other}, and {first} that of {path}, but one call has one configuration:"
            " name it with --config, or call kubeqed for each"
        )
        raise ConfigurationError((Complaint(Span(second, 1, 1, 1, 1), text),))
    return next((name for name, _ in by_place.values()), None)


def _find_revision(named: str, paths: Sequence[str]) -> Revision | None:
    """The revision of `--config REVISION:FILE`; None for a file of the disk."""
    if ":" not in named:
        return None
    from kubeqed.app.path_or_revision import PathOrRevisionError, resolve_revision  # few name one

    try:
        return resolve_revision(named, find_repository(paths))
    except PathOrRevisionError as error:
        raise ConfigurationError((Complaint(Span(named, 1, 1, 1, 1), str(error)),)) from None


def read_intents_file(path: str) -> SourceFile:
    """The file of intents that the user names; a ConfigurationError when it cannot be read."""
    return _read_configuration(path, read, "the intents")


def _read_configuration(path: str, door: Callable[[str], SourceFile], what: str = "the configuration") -> SourceFile:
    try:
        return door(path)
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"cannot read {what}: {reason[:1].lower()}{reason[1:]}"
        raise ConfigurationError((Complaint(Span(path, 1, 1, 1, 1), message),)) from None


def list_exclusions(settings: Settings, statement: CommandLineSettings) -> tuple[Excluded, ...]:
    """What is not read, by the configuration and by the command line."""
    stated = tuple(glob.value for glob in settings.exclude)
    by_directory = ((settings.directory, stated), (os.curdir, statement.exclude))
    return tuple(Excluded(real_path(directory), globs) for directory, globs in by_directory if globs)


def choose_rules(settings: Settings) -> Choice:
    """Which rules the settings let run, and how severe they are."""
    rules = settings.rules
    return Choice(
        None if rules.select is None else tuple(name.value for name in rules.select),
        tuple(name.value for name in rules.ignore),
        tuple((entry.rule.value, entry.severity.value) for entry in rules.severity),
    )


def _refuse_unknown_rules(settings: Settings, known: Sequence[Rule]) -> None:
    wrong = (*check_rule_ids(settings, [rule.id for rule in known]), *_unused_options(settings))
    if wrong:
        raise ConfigurationError(wrong)


def _unused_options(settings: Settings) -> Iterator[Complaint]:
    """No rule takes options yet, so that none may be stated and silently dropped."""
    for entry in settings.rules.options:
        if entry.rule.place is not None:
            yield Complaint(entry.rule.place.span, f'rule "{entry.rule.value}" takes no options')


def _spell_like(path: str, paths: Sequence[str]) -> str:
    """The configuration's path, relative when the PATHs are, so that files and units print alike."""
    relative = os.path.relpath(path)
    if any(os.path.isabs(other) for other in paths):
        return path
    return path if not is_below(relative, os.curdir) and os.path.isabs(path) else relative


def find_outermost_paths(paths: Sequence[str]) -> list[str]:
    """Where a configuration is looked for: the PATHs that lie in no other one; the working directory for streams alone."""
    named = {real_path(path): path for path in paths if not is_stream(path)}
    outer = [path for real, path in named.items() if not any(is_below(real, one) for one in named if one != real)]
    return outer or [os.curdir]


def find_repository(paths: Sequence[str]) -> str:
    """Which repository is meant: that of the first PATH, or of its directory."""
    first = find_outermost_paths(paths)[0]
    return first if os.path.isdir(first) else os.path.dirname(first) or os.curdir


def _find_directory(path: str) -> str:
    """The real directory that a PATH is or stands in."""
    real = real_path(path)
    return real if os.path.isdir(real) else os.path.dirname(real)
