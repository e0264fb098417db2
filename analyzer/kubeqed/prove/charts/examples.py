"""An example of what stands in a list, made of what templates read of its items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kubeqed.build.helm.symbolic.terms import SymbolicTerm, TermTable

_SCOPE = frozenset(("Values", "Release", "Chart", "Capabilities", "Files", "Template", "Subcharts"))
_DEEPEST = 4
_BY_NAME = {"path": "/", "pathType": "Prefix", "protocol": "TCP"}
_PORT = 8080


class ExampleMaker:
    """Makes examples. `truths` are the atoms that are decided: what templates ask for is there only if it is true."""

    def __init__(self, table: TermTable, truths: Mapping[int, bool]) -> None:
        self._table = table
        self._truths = truths

    def make_item(self, of: SymbolicTerm, depth: int = 0) -> Any:
        """An item of a list that is a term."""
        return self._make_example(next(self._find_below(of, "item"), None), "", depth)

    def _make_example(self, term: SymbolicTerm | None, name: str, depth: int) -> Any:
        """A value that has the fields which are read of a term; a text where none are."""
        plain = _PORT if name.lower().endswith("port") else _BY_NAME.get(name, "example")
        if term is None or depth > _DEEPEST:
            return plain
        read = [one for one in self._find_below(term, "field") if one.name not in _SCOPE]
        if read:
            return {one.name: self._make_example(one, one.name, depth + 1) for one in read if self._is_there(one)}
        if next(self._find_below(term, "item"), None) is not None:
            return [self.make_item(term, depth + 1)]
        return plain

    def _is_there(self, term: SymbolicTerm) -> bool:
        """Whether a field is to be there: it is where nothing asks for it."""
        atom = self._table.atom_number(term)
        return atom is None or self._truths.get(atom, False)

    def _find_below(self, of: SymbolicTerm, kind: str) -> Iterator[SymbolicTerm]:
        """The terms of a kind that are made of a term."""
        return (one for one in self._table.below(of) if one.kind == kind)
