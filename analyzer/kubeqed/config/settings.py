"""The settings as the rest of the program sees them: plain tuples, frozen, made without pydantic."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kubeqed.diagnostic import Severity
from kubeqed.model.cluster import Cluster, Stated, StatedChart
from kubeqed.model.units.input import StatedUnit
from kubeqed.parse import Place, Value

if TYPE_CHECKING:
    from kubeqed.sources.revision import Revision


class RuleSeverity(NamedTuple):
    """An entry of `rules.severity`; None is `off`."""

    rule: Stated[str]
    severity: Stated[Severity | None]


class RuleOptions(NamedTuple):
    """An entry of `rules.options`; the values are as parsed, no placeholder among them, for the rule to judge."""

    rule: Stated[str]
    values: dict[str, Stated[Value]]


class RuleSettings(NamedTuple):
    """The `rules:` of the configuration; `select` and `ignore` hold ids or globs of ids, `select` None selects all."""

    select: tuple[Stated[str], ...] | None = None
    ignore: tuple[Stated[str], ...] = ()
    severity: tuple[RuleSeverity, ...] = ()
    options: tuple[RuleOptions, ...] = ()


class IgnoreSettings(NamedTuple):
    """An entry of `ignore:`: findings that match all the lists that are not empty are not reported.

    `rules` are ids or globs; `paths` globs of files relative to `Settings.directory`; `objects` globs of
    `Kind namespace/name`, or `Kind name` where no namespace is written.
    """

    place: Place
    reason: Stated[str]
    rules: tuple[Stated[str], ...] = ()
    paths: tuple[Stated[str], ...] = ()
    objects: tuple[Stated[str], ...] = ()


class Settings(NamedTuple):
    """What a configuration states. `path` is None where there is none.

    `directory` is that of the file, to which its paths are relative; it and `baseline` are relative to the working
    directory when `path` is, else absolute. `revision` is where the file was read, if not on the disk. The paths of `units`
    are real ones, and `unit_places` where they were stated.
    """

    path: str | None = None
    directory: str = "."
    units: tuple[StatedUnit, ...] = ()
    unit_places: tuple[tuple[Place, ...], ...] = ()
    cluster: Cluster = Cluster()
    rules: RuleSettings = RuleSettings()
    ignores: tuple[IgnoreSettings, ...] = ()
    exclude: tuple[Stated[str], ...] = ()
    baseline: Stated[str] | None = None
    revision: Revision | None = None
    charts: tuple[StatedChart, ...] = ()
    fleet: tuple[Stated[str], ...] = ()
