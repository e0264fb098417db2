"""The intents that hold today, as a file that `--intents` reads and that then holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from json import dumps
from typing import TYPE_CHECKING, Any, NamedTuple

from kubeqed.app.load import Loaded
from kubeqed.app.prove.run import judge_intent, make_judges
from kubeqed.config import load_intents
from kubeqed.diagnostic import FailuresNoted, Notice, NoticeKind
from kubeqed.model.intents import Intent
from kubeqed.prove.intents.judge import IntentJudge
from kubeqed.prove.suggestions.entries import MOST_WORKLOADS, ClaimChoice, list_reaching, list_ready_made
from kubeqed.sources import SourceFile

if TYPE_CHECKING:
    from kubeqed.reach import Assumptions

Entry = dict[str, Any]


class SuggestedIntents(NamedTuple):
    """Entries of a file of intents, all of which hold, and what could not be done."""

    entries: tuple[Entry, ...]
    notices: tuple[Notice, ...]


def suggest_intents(loaded: Loaded, assumptions: Assumptions, notices: Sequence[Notice] = ()) -> SuggestedIntents:
    """The claims that hold in all units that they concern."""
    failures = list(notices)
    bare = make_judges(loaded, (), assumptions, failures)
    reaching = [choice for judge in bare for choice in list_reaching(judge)]
    if len(reaching) > MOST_WORKLOADS:
        text = f"intents for {len(reaching) - MOST_WORKLOADS} more workloads were not tried"
        failures.append(Notice(NoticeKind.NOT_READ, None, text))
    choices = [*list_ready_made(bare), *reaching[:MOST_WORKLOADS]]
    read = {dumps(entry): _read_entry(entry) for choice in choices for entry in (*choice.entries, *choice.parts)}
    judges = make_judges(loaded, tuple(read.values()), assumptions, failures)
    found: list[Entry] = []
    for choice in choices:
        with FailuresNoted(failures, "proving an intent"):
            found += _choose_entries(choice, read, judges)
    unlike = {dumps(entry): entry for entry in found}
    return SuggestedIntents(tuple(unlike.values()), tuple(failures))


def _choose_entries(choice: ClaimChoice, read: dict[str, Intent], judges: Sequence[IntentJudge]) -> Iterator[Entry]:
    """The first claim that holds; else the namespaces of which it does."""
    for entry in choice.entries:
        if _hold_everywhere(read[dumps(entry)], judges):
            yield entry
            return
    names = [
        name for entry in choice.parts if _hold_everywhere(read[dumps(entry)], judges) for name in entry["namespaces"]
    ]
    if names:
        yield {**choice.parts[0], "namespaces": names}


def _hold_everywhere(intent: Intent, judges: Sequence[IntentJudge]) -> bool:
    verdicts = [verdict for _, verdict in judge_intent(intent, judges)]
    return bool(verdicts) and all(one.holds is True and one.speaks for one in verdicts)


def _read_entry(entry: Entry) -> Intent:
    """An entry as the reader of such files takes it."""
    (intent,) = load_intents(SourceFile("<suggestion>", dumps({"intents": [entry]}).encode())).intents
    return intent
