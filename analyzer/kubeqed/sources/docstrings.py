"""Docstrings, also where Python runs without them (`python -OO`, PYTHONOPTIMIZE=2): then they are read from the source.

The text of a rule, the help of a command and the descriptions of the JSON Schemas are docstrings.
"""

from __future__ import annotations

import ast
from functools import cache
from importlib.util import find_spec
from inspect import cleandoc
from types import FunctionType, ModuleType

_Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def read_docstring(documented: ModuleType | FunctionType | type) -> str:
    """The docstring of a module, or of a class or function at its top, without indentation; empty where there is none."""
    if documented.__doc__ is not None:
        return cleandoc(documented.__doc__)
    if isinstance(documented, ModuleType):
        return _read_docstrings(documented.__name__).get("", "")
    return _read_docstrings(documented.__module__).get(documented.__name__, "")


@cache
def _read_docstrings(module: str) -> dict[str, str]:
    """Those of a module, which is "", and of what stands at its top."""
    spec = find_spec(module)
    source = getattr(spec.loader, "get_source", lambda _: None)(module) if spec else None
    tree = ast.parse(source or "")
    nodes = {"": tree, **{node.name: node for node in tree.body if isinstance(node, _Documented)}}
    return {name: text for name, node in nodes.items() if (text := ast.get_docstring(node))}
