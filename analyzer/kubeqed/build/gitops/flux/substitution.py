"""`postBuild`: variables filled into the text of each object, which is then read again (`SubstituteVariables`).

So a quoted "${PORT}" that becomes 8080 is a number, and a value may become a list or the rest of a line a comment. Here
only the parts with a dollar are written and read, so that all else stays where it was set.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kubeqed.build.gitops.flux.envsubst.evaluation import CLOSING, OPENING, Substitution, is_default, variables_of
from kubeqed.build.gitops.flux.envsubst.expression import BadSubstitutionError, Expression, Part, parse_text
from kubeqed.build.gitops.flux.variables import PostBuild, join_terms
from kubeqed.build.gitops.flux.written import WrittenObject, may_change
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.node import COPIED, OriginNode, put
from kubeqed.build.refusal import RefusalError, UnbuiltError
from kubeqed.parse import (
    Document,
    Fresh,
    Mapping,
    ProblemKind,
    Sequence,
    Term,
    Through,
    Unknown,
    Value,
    Variable,
    holds_placeholder,
    parse_written,
    unpack,
)

_SWITCH = "kustomize.toolkit.fluxcd.io/substitute"
_MARK = re.compile(f"{OPENING}([0-9]+){CLOSING}")


class VariableSubstitution:
    """Fills the variables of a `postBuild` into resources."""

    def __init__(self, variables: PostBuild) -> None:
        self._variables = variables
        self._filling = Substitution(lambda name: variables.value(name).text)

    def substitute(self, one: BuildResource) -> None:
        """Changes a resource; a RefusalError for what Flux refuses, an UnbuiltError for what cannot be known."""
        written = WrittenObject(one.tree)
        if not written.text or _is_switched_off(one):
            return
        found = one.current_id
        what = f"post build failed for '{found.kind}.{found.version}.{found.group or '[noGrp]'}/{found.name}'"
        read = self._read_written(written, what)
        if any(
            may_change(one.tree.text_at(*path)) for path in (("kind",), ("metadata", "name"), ("metadata", "namespace"))
        ):
            one.remember_id()
        self._take_over(one.tree, read.root, written, what)

    def _read_written(self, written: WrittenObject, what: str) -> Document:
        """The text of an object, substituted and read again."""
        before = len(self._filling.unknown)
        try:
            document = parse_written(self._filling.fill_in(written.text))
        except BadSubstitutionError as error:
            node = written.node_at(written.text.count("\n", 0, error.at))
            reason = f"{what}: envsubst error: variable substitution failed: {error.reason}"
            raise self._make_refusal(reason, node, is_known=True) from None
        problem = next((one for one in document.problems if one.kind is ProblemKind.NOT_READABLE), None)
        if problem is not None:
            node = written.node_at(unpack(problem.mark)[0])
            is_known = len(self._filling.unknown) == before
            raise self._make_refusal(f"{what}: envsubst error: YAMLToJSON: {problem.message}", node, is_known=is_known)
        return document

    def _make_refusal(self, reason: str, node: OriginNode | None, *, is_known: bool) -> Exception:
        if is_known and self._variables.is_certain:
            return RefusalError(reason, node.place if node is not None else None)
        return UnbuiltError(reason)

    def _take_over(self, node: OriginNode, value: Value, written: WrittenObject, what: str) -> None:
        """Gives a node what was read in its place."""
        if not written.changes(node):
            return
        if node.is_scalar:
            self._set_scalar(node, value)
        elif isinstance(node.value, dict) and isinstance(value, Mapping) and len(node.value) == len(value):
            items = [
                (self._restore_key(key, new), item) for (key, item), new in zip(node.value.items(), value, strict=True)
            ]
            for (_, item), new_value in zip(items, value.values(), strict=True):
                self._take_over(item, new_value, written, what)
            node.is_open &= not any(map(may_change, node.value))
            node.value = dict(items)
        elif isinstance(node.value, list) and isinstance(value, Sequence) and len(node.value) == len(value):
            for item, new_value in zip(node.value, value, strict=True):
                self._take_over(item, new_value, written, what)
        else:
            raise UnbuiltError(f"{what}: variables that change more than a value")

    def _restore_key(self, old: str, new: str) -> str:
        """A key as it was read, with what is not known as it was written."""
        return _MARK.sub(lambda match: self._filling.unknown[int(match[1])].text, new) if may_change(old) else old

    def _set_scalar(self, node: OriginNode, value: Value) -> None:
        """Makes a scalar what its text became: at the variable's place, if it is that variable alone, else at its own."""
        text = node.text
        if isinstance(value, str) and value == text:
            return
        new, variable = self._make_tree(value, node), self._only_variable(text)
        if variable is not None:
            _pin_place(new, variable)
            new.copied = variable.copied
            put(node, new)
            return
        node.value = new.value
        node.copied += tuple(Through(source.place, COPIED) for source in self._find_sources(text))

    def _only_variable(self, text: str) -> OriginNode | None:
        """Where the variable is set that is the whole text."""
        parts = _parse_parts(text)
        only = parts[0] if len(parts) == 1 else None
        if not isinstance(only, Expression):
            return None
        stated = self._variables.value(only.variable)
        return stated.node if not only.operator or (is_default(only.operator) and stated.text) else None

    def _find_sources(self, text: str) -> list[OriginNode]:
        """Where the variables of a text are set."""
        found = (self._variables.value(name).node for name in variables_of(_parse_parts(text)))
        return [node for node in found if node is not None]

    def _make_tree(self, value: Value, node: OriginNode) -> OriginNode:
        """What was read, at the place of the scalar that it was read from."""
        if isinstance(value, Mapping):
            return node.like({self._restore_key("$$", key): self._make_tree(item, node) for key, item in value.items()})
        if isinstance(value, Sequence):
            return node.like([self._make_tree(item, node) for item in value])
        if isinstance(value, str) and OPENING in value:
            return node.like(self._make_unknown(value))
        if isinstance(value, str) and isinstance(node.value, Unknown) and holds_placeholder(value.replace("$", "")):
            return node.like(Unknown(Fresh(value), value))
        return node.like(value)

    def _make_unknown(self, text: str) -> Unknown:
        """A text with marks, as a value that is not known."""
        terms: list[str | Term] = []
        written = []
        for number, part in enumerate(_MARK.split(text)):
            unknown = self._filling.unknown[int(part)] if number % 2 else None
            written.append(part if unknown is None else unknown.text)
            terms.append(
                part
                if unknown is None
                else self._make_term(unknown.text, unknown.variables, is_variable=unknown.is_variable)
            )
        return Unknown(join_terms(iter(terms)), "".join(written))

    def _make_term(self, text: str, variables: tuple[str, ...], *, is_variable: bool) -> Term:
        """What makes two unknown parts the same: the text, and the unknown variables in it."""
        found = [self._variables.value(name).term for name in variables]
        if is_variable and found[0] is not None:
            return found[0]
        names = [term.name for term in found if isinstance(term, Variable)]
        return Variable(f"{text} with {', '.join(names)}") if len(names) == len(found) else Fresh(text)


@lru_cache(maxsize=1 << 12)  # overlays of one base hold the same texts
def _parse_parts(text: str) -> list[Part]:
    """The parts of a text; none where it goes on in another one."""
    try:
        return parse_text(text)
    except BadSubstitutionError:
        return []


def _is_switched_off(one: BuildResource) -> bool:
    return any(one.tree.text_at("metadata", field, _SWITCH) == "disabled" for field in ("labels", "annotations"))


def _pin_place(node: OriginNode, source: OriginNode) -> None:
    """Gives a tree the place of the variable that it came from."""
    node.source = node.key_source = source.source
    node.mark = node.key_mark = source.mark
    for below in (*node.entries.values(), *node.items):
        _pin_place(below, source)
