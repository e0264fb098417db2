"""The annotation `kubeqed.dev/ignore: "rule-id, rule-id: reason"`, for the findings about its object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.diagnostic import Diagnostic, ObjectKey, Span, Suppression
from kubeqed.model.kinds.object import Object
from kubeqed.parse import Place
from kubeqed.rule.finding import Finding
from kubeqed.rule.suppress.suppression import IN_SOURCE, UNUSED, RunFacts, StatedSuppression, complain, quote_ids

KEY = "kubeqed.dev/ignore"


class AnnotationSource:
    """The annotations of all objects, one suppression for each line of their text.

    Each object comes with its unit if it is built, else with its file: in another unit it may be annotated otherwise.
    """

    def __init__(self, objects: Iterable[tuple[str, Object]]) -> None:
        self._of_object: dict[tuple[str, ObjectKey], list[StatedSuppression]] = {}
        self._stated: dict[Span, tuple[str, list[StatedSuppression]]] = {}
        for where, item in objects:
            text = item.annotations.entries.get(KEY)
            if isinstance(text, str):
                place = item.at(item.annotations.path_of(KEY))
                _, stated = self._stated.setdefault(place.span, (item.file, [*_read_annotation(item, text, place)]))
                self._of_object[where, item.key] = stated

    def find_suppression(self, finding: Diagnostic) -> Suppression | None:
        """What excuses a finding, by its object."""
        if finding.object is None:
            return None
        wheres = (*finding.units, finding.span.file)
        stated = [one for where in wheres for one in self._of_object.get((where, finding.object), ())]
        excuses = [one.suppression for one in stated if one.covers(finding.rule)]
        return excuses[0] if excuses else None

    def complaints(self, facts: RunFacts) -> Iterator[tuple[str, Finding]]:
        """Annotations that name unknown rules or none, give no reason, or are not needed."""
        for file, stated in self._stated.values():
            for one in stated:
                yield from complain(one, facts, read=file in facts.files)
                if not one.rules:
                    message = f"{one.said} names no rule, so it suppresses nothing"
                    yield UNUSED, Finding(one.place, message, suggestion=f'{KEY}: "rule-id: reason"')


def _read_annotation(item: Object, text: str, place: Place) -> Iterator[StatedSuppression]:
    for line in [line for line in text.splitlines() if line.strip()] or [""]:
        rules, _, reason = line.partition(":")
        named = dict.fromkeys((name for name, _ in quote_ids(rules, 0)), place)
        yield StatedSuppression(place, f"the annotation of {item}", named, Suppression(IN_SOURCE, reason.strip()))
