"""The annotation `kubeqed.dev/ignore: "rule-id, rule-id: reason"`, for the findings about its object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kubeqed.diagnostic import Diagnostic, ObjectKey, Suppression
from kubeqed.model.kinds.object import Object
from kubeqed.rule.finding import Finding
from kubeqed.rule.suppress.suppression import IN_SOURCE, UNUSED, RunFacts, StatedSuppression, complain, quote_ids

KEY = "kubeqed.dev/ignore"


class AnnotationSource:
    """The annotations of all objects, one suppression for each line of their text."""

    def __init__(self, objects: Iterable[Object]) -> None:
        self._stated: defaultdict[tuple[str, ObjectKey], list[StatedSuppression]] = defaultdict(list)
        for item in objects:
            text = item.annotations.entries.get(KEY)
            if isinstance(text, str):
                self._stated[item.file, item.key] += _read(item, text)

    def find_suppression(self, finding: Diagnostic) -> Suppression | None:
        """What excuses a finding, by its object."""
        if finding.object is None:
            return None
        stated = self._stated.get((finding.span.file, finding.object), ())
        excuses = [one.suppression for one in stated if one.covers(finding.rule)]
        return excuses[0] if excuses else None

    def complaints(self, facts: RunFacts) -> Iterator[tuple[str, Finding]]:
        """Annotations that name unknown rules or none, give no reason, or are not needed."""
        for (file, _), stated in self._stated.items():
            for one in stated:
                yield from complain(one, facts, read=file in facts.files)
                if not one.rules:
                    message = f"{one.said} names no rule, so it suppresses nothing"
                    yield UNUSED, Finding(one.place, message, suggestion=f'{KEY}: "rule-id: reason"')


def _read(item: Object, text: str) -> Iterator[StatedSuppression]:
    place = item.at(item.annotations.path_of(KEY))
    for line in [line for line in text.splitlines() if line.strip()] or [""]:
        rules, _, reason = line.partition(":")
        named = dict.fromkeys((name for name, _ in quote_ids(rules, 0)), place)
        yield StatedSuppression(place, f"the annotation of {item}", named, Suppression(IN_SOURCE, reason.strip()))
