"""What this version mutes that its base does not: a pull request may bring a configuration and suppressions of its own.

It is said, and changes nothing else. Who wants the base to judge names its configuration: `--config BASE:`.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from kubeqed.app.check.suppressing import load_baseline_for
from kubeqed.app.load import Loaded
from kubeqed.app.path_or_revision import REVISION
from kubeqed.app.settings import choose_rules, find_repository, load_settings_of_revision
from kubeqed.config import Complaint, ConfigurationError, IgnoreSettings, Settings
from kubeqed.diagnostic import Notice, NoticeKind, Span, list_some
from kubeqed.model.cluster import Stated
from kubeqed.parse import Parsed
from kubeqed.rule.catalogue import Rule
from kubeqed.rule.suppress.annotations import KEY
from kubeqed.rule.suppress.baseline import Baseline
from kubeqed.sources import is_below, real_path
from kubeqed.sources.revision import Revision, RevisionError, find_revision, read_some

_SUPPRESSION = re.compile(rf"#[ \t]*kubeqed:[ \t]*ignore[ \t]*\[|{re.escape(KEY)}")
_MOST_NAMED = 10


Change = tuple[Span | None, str]


class FindingPolicy(NamedTuple):
    """What decides which findings count, outside of the manifests."""

    settings: Settings
    baseline: Baseline | None


def find_policy_changes(base: str, policy: FindingPolicy, loaded: Loaded, known: Sequence[Rule]) -> Iterator[Notice]:
    """A notice for each sort of thing that mutes findings, and does not do so in the revision `base`.

    A ConfigurationError says that there is no such revision.
    """
    paths = [root.path for root in loaded.collected.paths.roots]
    revision = find_revision(base.removeprefix(REVISION), find_repository(paths))
    if revision is None:
        raise ConfigurationError((Complaint(Span(base, 1, 1, 1, 1), f"{base!r} is no git revision"),))
    path = policy.settings.path
    top = Span(path, 1, 1, 1, 1) if path else None
    found: list[Change] = []
    try:
        before = _policy_at(revision, policy.settings, paths, known)
        found += _list_changes(before, policy, known, revision.label, top) if before else ()
        found += _new_suppressions(revision, loaded)
    except (ConfigurationError, RevisionError) as error:
        found.append((top, f"what {revision.label} suppresses cannot be read, so that it is not compared: {error}"))
    yield from (Notice(NoticeKind.POLICY, span, text) for span, text in found)


def _policy_at(
    revision: Revision, settings: Settings, paths: Sequence[str], known: Sequence[Rule]
) -> FindingPolicy | None:
    """The policy in the place of this one: in the same file, or where it is looked for when there is none.

    None when this one comes from outside of the repository.
    """
    inside = settings.revision.inside if settings.revision else ""
    if settings.path is not None and settings.revision is None:
        inside = os.path.relpath(real_path(settings.path), revision.root).replace(os.sep, "/")
        if not is_below(inside, os.curdir):
            return None
    before = load_settings_of_revision(revision._replace(inside=inside), paths, needed=False)
    version = settings.cluster.kubernetes
    if version is not None and version.place is None:  # the command line states it for both
        before = before._replace(cluster=before.cluster.restated(kubernetes=version))
    return FindingPolicy(before, load_baseline_for(None, before, [rule.id for rule in known]))


def _list_changes(
    before: FindingPolicy, now: FindingPolicy, known: Sequence[Rule], label: str, top: Span | None
) -> Iterator[Change]:
    """What the policy of a pull request suppresses and that of its base does not."""
    old, new = choose_rules(before.settings), choose_rules(now.settings)
    off = [rule.id for rule in known if old.runs(rule.id) and not new.runs(rule.id)]
    both = [rule for rule in known if old.runs(rule.id) and new.runs(rule.id)]
    lower = [
        rule.id
        for rule in both
        if new.severity_of(rule.id, rule.meta.certainty).rank < old.severity_of(rule.id, rule.meta.certainty).rank
    ]
    if off:
        yield top, f"the configuration turns off {_list_names(off)}, unlike that of {label}"
    if lower:
        yield top, f"the configuration lowers the severity of {_list_names(lower)}, unlike that of {label}"
    yield from _list_entries(before, now, label, top)
    if _describe_world(before.settings) != _describe_world(now.settings):
        yield top, f"units: or cluster: are not those of {label}, which may change what is found"


def _list_entries(before: FindingPolicy, now: FindingPolicy, label: str, top: Span | None) -> Iterator[Change]:
    """What is ignored, excluded or accepted now alone."""
    known = {_value_of_entry(entry) for entry in before.settings.ignores}
    ignored = [entry for entry in now.settings.ignores if _value_of_entry(entry) not in known]
    if ignored:
        count = f"{len(ignored)} {'entry' if len(ignored) == 1 else 'entries'}"
        yield ignored[0].place.span, f"{count} of ignore: are not in that of {label}"
    globs = {glob.value for glob in before.settings.exclude}
    excluded = [glob for glob in now.settings.exclude if glob.value not in globs]
    if excluded:
        names = _list_names([glob.value for glob in excluded])
        yield _find_span(excluded[0], top), f"{names} of exclude: are not in that of {label}"
    accepted = {entry.known for entry in before.baseline.entries} if before.baseline else set()
    entries = now.baseline.entries if now.baseline else ()
    added = [index for index, entry in enumerate(entries) if entry.known not in accepted]
    if added and now.baseline:
        yield now.baseline.place(added[0]).span, f"{len(added)} findings of the baseline are not in that of {label}"


def _new_suppressions(revision: Revision, loaded: Loaded) -> Iterator[Change]:
    """Comments and annotations that suppress findings, and whose file does not have them at the base."""
    files = {loaded.collected.paths.real(file.file): file for file in loaded.parsed if "kubeqed" in file.text}
    before = read_some(revision, list(files)) if files else {}
    new = [place for real, file in files.items() for place in _list_suppressions(file, before.get(real, b""))]
    if new:
        lines = _list_names([f"{span.file}:{span.line}" for span in new])
        yield new[0], f"comments or annotations suppress findings, and are not in {revision.label}: {lines}"


def _list_suppressions(file: Parsed, before: bytes) -> Iterator[Span]:
    """The lines of a file that suppress findings, but for as many of the same text as it had before."""
    old = Counter(line.strip() for line in before.decode("utf-8", "replace").splitlines() if _SUPPRESSION.search(line))
    for number, line in enumerate(file.text.splitlines(), start=1):
        if _SUPPRESSION.search(line):
            text = line.strip()
            if not old[text]:
                yield Span(file.file, number, 1, number, 1)
            old[text] -= 1


def _value_of_entry(entry: IgnoreSettings) -> object:
    return tuple(frozenset(it.value for it in listed) for listed in (entry.rules, entry.paths, entry.objects))


def _describe_world(settings: Settings) -> object:
    """What is stated of the cluster and its units, without places."""
    cluster = [getattr(settings.cluster, name) for name in type(settings.cluster).__slots__]
    return [_strip_places(value) for value in cluster], settings.units


def _strip_places(value: object) -> object:
    if isinstance(value, Stated):
        return value.value
    return tuple(map(_strip_places, value)) if isinstance(value, tuple) else value


def _find_span(stated: Stated[str], otherwise: Span | None) -> Span | None:
    return stated.place.span if stated.place else otherwise


def _list_names(names: Collection[str]) -> str:
    return list_some(list(names), _MOST_NAMED)
