"""What Helm says of a template, without the values that it quotes: a value may be a password."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from kubeqed.build.gotemplate.origin import TemplateSource

_SHORTEST = 4  # characters of a value that is looked for: shorter ones stand in any word
_QUOTED = 40  # characters of a text that `tpl` quotes
_PREFIX = re.compile(r".*?executing \"[^\"]*\" at <.*?>: ", re.DOTALL)
_OF_TEXT = re.compile(r"(cannot parse template) .*?(: template: gotpl:\d+): .*", re.DOTALL)
_LITERAL = re.compile(
    r"(?P<name>(?:(?:include|template|executing) )?)(?<!\w)(?P<text>\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)"
)
_SECRET = re.compile(r"kind[\"']?\s*:\s*[\"']?Secret\b")
_WORD = re.compile(r"[^\s\"'`(){}]+")
_OF_ALL = "gotpl"  # what Helm calls the set of all templates
HIDDEN = "***"


class HiddenValues:
    """The texts of a chart's values, to be taken out of messages, and those of its templates, which may stay."""

    def __init__(self, values: dict[str, Any], templates: Iterable[TemplateSource]) -> None:
        texts = {
            text for one in _list_texts(values) for text in (one, one[:_QUOTED], one.strip()) if len(text) >= _SHORTEST
        }
        self._list_texts = sorted(texts, key=lambda text: (-len(text), text))
        self._templates = list({id(one): one.text for one in templates}.values())

    def hide(self, reason: str) -> str:
        """A reason with *** for each value, and what is made of one; where it stands, and the action that is refused, are the template's own."""
        start, found = 0, _PREFIX.match(reason)
        while found is not None:
            start, found = found.end(), _PREFIX.match(reason, found.end())
        rest = self._hide_values(_OF_TEXT.sub(r"\1\2", reason[start:]))
        return _LITERAL.sub(self._hide_literal, reason[:start]) + _LITERAL.sub(self._hide_made, rest)

    def hide_asked(self, reason: str) -> str:
        """What a chart says itself, with *** for each value, and for each word that stands in no template."""
        return _WORD.sub(
            lambda word: word[0] if len(word[0]) < _SHORTEST or word[0] in self._template_words else HIDDEN,
            self._hide_values(reason),
        )

    def _hide_values(self, text: str) -> str:
        for one in self._list_texts:
            if one in text:
                text = text.replace(one, HIDDEN)
        return text

    def _hide_made(self, quoted: re.Match[str]) -> str:
        """A text in quotes, hidden if no template holds it."""
        inner = quoted["text"][1:-1]
        is_known = len(inner) < _SHORTEST or inner == _OF_ALL or any(inner in one for one in self._templates)
        return quoted[0] if is_known else quoted[0].replace(inner, HIDDEN)

    def _hide_literal(self, quoted: re.Match[str]) -> str:
        """A literal of an action, hidden if a template with a Secret holds it, unless it is the name of a template."""
        inner = quoted["text"][1:-1]
        if len(inner) < _SHORTEST or quoted["name"]:
            return quoted[0]
        is_secret = any(inner in one and _SECRET.search(one) for one in self._templates)
        return quoted[0].replace(inner, HIDDEN) if is_secret else quoted[0]

    @cached_property
    def _template_words(self) -> frozenset[str]:
        """The words of the templates."""
        return frozenset((HIDDEN, *(word for text in self._templates for word in _WORD.findall(text))))


def _list_texts(values: Any) -> Iterator[str]:
    """The texts that values hold."""
    waiting, seen = [values], set[int]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield str(one)
        elif isinstance(one, dict | list) and id(one) not in seen:
            seen.add(id(one))
            waiting += one.values() if isinstance(one, dict) else one
