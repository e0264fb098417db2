"""Events of YAML texts: from libyaml where the C extension of ruamel.yaml is installed, else from ruamel's Python parser.

The Python parser is 30 times slower; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, NamedTuple

from kubeqed.parse.yaml.extension import load_c_parser


class Source(NamedTuple):
    """Where events come from: `open(text)` gives a function that returns the next event at each call.

    `events` is the module of the event classes, `error` the class of everything that function raises.
    """

    open: Callable[[str], Callable[[], Any]]
    events: Any
    error: type[Exception]
    is_c: bool


def _make_source(open_text: Callable[[str], Callable[[], Any]], *, is_c: bool) -> Source:
    return Source(open_text, import_module("ruamel.yaml.events"), import_module("ruamel.yaml.error").YAMLError, is_c)


def python_source() -> Source:
    """The events of ruamel's own parser, for where the C extension is missing."""
    ruamel: Any = import_module("ruamel.yaml")

    def open_text(text: str) -> Callable[[], Any]:
        events: Iterator[Any] = ruamel.YAML(typ="safe", pure=True).parse(text)
        return events.__next__

    return _make_source(open_text, is_c=False)


def event_source() -> Source:
    """The fastest source of events that is installed."""
    parser = load_c_parser()
    return python_source() if parser is None else _make_source(lambda text: parser(text).get_event, is_c=True)
