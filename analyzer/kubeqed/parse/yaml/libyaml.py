"""The door to libyaml, through the C extension of ruamel.yaml and without ruamel.yaml itself.

`_ruamel_yaml` needs the event, node and token classes, and from eight other modules nothing but their error classes.
Importing `ruamel.yaml` for those loads the round-trip loader and dumper, 24 ms that no manifest ever uses. So while the
extension is imported a bare package and eight stand-ins, holding the error classes alone, take their place; they are
gone afterwards, and a later `import ruamel.yaml` finds the real ones. Where ruamel.yaml is already imported nothing of
this happens. Without the C parser the events come from ruamel's Python parser, 30 times slower; nothing else changes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

# Module -> the error class that the extension takes from it.
_STAND_INS = {
    "reader": "ReaderError",
    "scanner": "ScannerError",
    "parser": "ParserError",
    "composer": "ComposerError",
    "constructor": "ConstructorError",
    "emitter": "EmitterError",
    "serializer": "SerializerError",
    "representer": "RepresenterError",
}
_EXTENSIONS = ("_ruamel_yaml", "_ruamel_yaml_clibz")  # the two names under which it is published


class Source(NamedTuple):
    """Where events come from: `open(text)` gives a function that returns the next event at each call.

    `events` is the module of the event classes, `error` the class of everything that function raises.
    """

    open: Callable[[str], Callable[[], Any]]
    events: Any
    error: type[Exception]
    is_c: bool


def _stand_in(name: str, error_class: str) -> ModuleType:
    base = import_module("ruamel.yaml.error")
    parent = base.MarkedYAMLError if name in ("scanner", "parser") else base.YAMLError
    module = ModuleType(f"ruamel.yaml.{name}")
    setattr(module, error_class, type(error_class, (parent,), {}))
    return module


@contextmanager
def _bare_package() -> Iterator[None]:
    """While it lasts, `ruamel.yaml` is an empty package and the eight modules are stand-ins."""
    if "ruamel.yaml" in sys.modules:
        yield
        return
    package = ModuleType("ruamel.yaml")
    package.__path__ = [path + "/yaml" for path in import_module("ruamel").__path__]
    placed = {"ruamel.yaml": package}
    sys.modules["ruamel.yaml"] = package
    try:
        placed |= {f"ruamel.yaml.{name}": _stand_in(name, error) for name, error in _STAND_INS.items()}
        sys.modules.update(placed)
        yield
    finally:
        for name, module in placed.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _c_source() -> Source | None:
    with _bare_package():
        for name in _EXTENSIONS:
            try:
                return _parser_source(import_module(name).CParser)
            except ImportError:
                continue
    return None


def _parser_source(parser: Any) -> Source:
    return _source(lambda text: parser(text).get_event, is_c=True)


def _source(open_text: Callable[[str], Callable[[], Any]], *, is_c: bool) -> Source:
    return Source(open_text, import_module("ruamel.yaml.events"), import_module("ruamel.yaml.error").YAMLError, is_c)


def python_source() -> Source:
    """The events of ruamel's own parser, for where the C extension is missing."""
    ruamel: Any = import_module("ruamel.yaml")

    def open_text(text: str) -> Callable[[], Any]:
        events: Iterator[Any] = ruamel.YAML(typ="safe", pure=True).parse(text)
        return events.__next__

    return _source(open_text, is_c=False)


def event_source() -> Source:
    """The fastest source of events that is installed."""
    return _c_source() or python_source()
