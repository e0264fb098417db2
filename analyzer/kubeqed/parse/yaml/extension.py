"""Loads the C extension of ruamel.yaml without ruamel.yaml: the one place of the house that touches `sys.modules`.

What for: `_ruamel_yaml` needs the event, node and token classes, and from eight other modules nothing but their error
classes. Importing `ruamel.yaml` for those loads the round-trip loader and dumper, 24 ms that no manifest ever uses: a
third of what a commit hook takes for one file.

How: while the extension is imported, a bare package `ruamel.yaml` and eight stand-ins, which hold the error classes alone,
take the place of the real modules. They are gone afterwards, so that a later `import ruamel.yaml` finds the real ones.
Where ruamel.yaml is imported already, nothing of this happens. The error classes of the stand-ins are subclasses of the
real `YAMLError`, by which all that the extension raises is caught.

What may break it: an extension that asks more of these modules fails with an ImportError, and then its events come from
ruamel's Python parser. `tests/parse/test_libyaml.py` says so before a user does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

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


def load_c_parser() -> Any | None:
    """The class `CParser` of the extension; None where it is not installed, or asks for more than it is given."""
    with _bare_package():
        for name in _EXTENSIONS:
            try:
                return import_module(name).CParser
            except ImportError:
                continue
    return None
