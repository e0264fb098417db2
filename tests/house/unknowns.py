"""Where code compares a value that may be unknown, or takes it as a condition, as the type checker sees it.

At run time an `Unknown` raises there. mypy itself lets it pass: `==` and `in` take any object, and so does `if`. What was asked
before with `isinstance`, or a question of `model.values.known`, mypy has narrowed, so that it is not named here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from mypy import build, nodes
from mypy.main import process_options
from mypy.types import Instance, Type, UnionType, get_proper_type

ROOT = Path(__file__).parents[2]
UNKNOWN = "kubeqed.parse.tree.unknown.Unknown"
_BELOW = (
    *(
        "args",
        "arguments",
        "base",
        "begin_index",
        "bodies",
        "body",
        "callee",
        "cond",
        "condlists",
        "decorators",
        "defs",
    ),
    *("else_body", "else_expr", "end_index", "expr", "finally_body", "from_expr", "func", "generator", "guards"),
    *("handlers", "if_expr", "impl", "index", "indices", "initializer", "items", "key", "left", "left_expr", "lvalues"),
    *("operands", "right", "rvalue", "sequences", "stride", "subject", "target", "value"),
)


class Forgotten(NamedTuple):
    """A line that uses a value as if it were known."""

    path: str
    line: int
    how: str


def find_forgotten(paths: Sequence[Path]) -> Iterator[Forgotten]:
    """The lines of some modules that forget that a value may be unknown; raises where mypy finds errors."""
    here = os.getcwd()
    os.chdir(ROOT)  # the paths of the configuration count from there
    try:
        result = _check(paths)
    finally:
        os.chdir(here)
    assert not result.errors, result.errors
    wanted = {path.resolve() for path in paths}
    for module in result.files.values():
        path = (ROOT / module.path).resolve()
        if path in wanted:
            yield from (Forgotten(str(path), line, how) for line, how in _in_module(module, result.types.get))


def _check(paths: Sequence[Path]) -> build.BuildResult:
    sources, options = process_options([str(path) for path in paths])
    options.export_types = options.preserve_asts = True
    options.incremental = False
    options.cache_dir = os.devnull
    return build.build(sources, options)


def _in_module(module: nodes.MypyFile, type_of: Callable[[nodes.Expression], Type | None]) -> Iterator[tuple[int, str]]:
    uses = (use for node in _walk(module) for use in _uses(node))
    yield from sorted({(one.line, how) for one, how in uses if _may_be_unknown(type_of(one))})


def _walk(top: object) -> Iterator[nodes.Node]:
    seen: set[int] = set()
    left = [top]
    while left:
        one = left.pop()
        if isinstance(one, list | tuple):
            left.extend(one)
        elif isinstance(one, nodes.Node) and not isinstance(one, nodes.TypeInfo) and id(one) not in seen:
            seen.add(id(one))
            yield one
            left.extend(getattr(one, name, None) for name in _BELOW)


def _uses(node: nodes.Node) -> Iterator[tuple[nodes.Expression, str]]:
    """The expressions that a node compares, asks, or keeps in a set or as a key."""
    if isinstance(node, nodes.ComparisonExpr):
        for operator, left, right in node.pairwise():
            both = () if operator in ("is", "is not") else (left,) if operator in ("in", "not in") else (left, right)
            yield from ((one, operator) for one in _flat(both))
    elif isinstance(node, nodes.SetExpr):
        yield from ((one, "element of a set") for one in node.items)
    elif isinstance(node, nodes.SetComprehension):
        yield node.generator.left_expr, "element of a set"
    elif isinstance(node, nodes.DictionaryComprehension):
        yield from ((one, "key") for one in (node.key,) if one is not None)
    else:
        yield from ((one, "condition") for asked in _conditions(node) for one in _parts(asked))


def _flat(operands: Sequence[nodes.Expression]) -> Iterator[nodes.Expression]:
    for one in operands:
        yield from one.items if isinstance(one, nodes.TupleExpr) else (one,)


def _conditions(node: nodes.Node) -> list[nodes.Expression]:
    if isinstance(node, nodes.IfStmt):
        return node.expr
    if isinstance(node, nodes.WhileStmt):
        return [node.expr]
    if isinstance(node, nodes.ConditionalExpr):
        return [node.cond]
    if isinstance(node, nodes.OpExpr):
        return [node.left] if node.op in ("and", "or") else []
    if isinstance(node, nodes.UnaryExpr):
        return [node.expr] if node.op == "not" else []
    return [one for several in node.condlists for one in several] if isinstance(node, nodes.GeneratorExpr) else []


def _parts(asked: nodes.Expression) -> Iterator[nodes.Expression]:
    if isinstance(asked, nodes.OpExpr) and asked.op in ("and", "or"):
        yield from _parts(asked.left)
        yield from _parts(asked.right)
    else:
        yield asked


def _may_be_unknown(type_: Type | None) -> bool:
    proper = get_proper_type(type_)
    if isinstance(proper, UnionType):
        return any(map(_may_be_unknown, proper.items))
    return isinstance(proper, Instance) and any(base.fullname == UNKNOWN for base in proper.type.mro)
