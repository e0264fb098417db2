"""The variables of `postBuild`: those that a Kustomization states, and those of the ConfigMaps and Secrets that it names.

After `LoadVariables` of github.com/fluxcd/pkg/kustomize v1.44.0: a later source wins, `substitute` wins over all. What a
Secret holds is never kept, and what a source holds that is not in the tree is not known, nor is what it may override.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.build.gitops.flux.decryption import ENCRYPTED
from kubeqed.build.gitops.statement import ObjectLookup
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalError
from kubeqed.parse import Concat, Fresh, Term, Unknown, Variable

_NAME = r"^[_[:alpha:]][_[:alpha:][:digit:]]*$"
_IS_NAME = re.compile(r"[_A-Za-z][_A-Za-z0-9]*\Z")
_SECRET, _CONFIG_MAP = "Secret", "ConfigMap"


class StatedValue(NamedTuple):
    """What a variable stands for: its text, None where that is not known, the term of what is not known, and where it is set."""

    text: str | None
    term: Term | None = None
    node: OriginNode | None = None


class PostBuild:
    """What the Kustomization `tree` substitutes. `unseen` are the sources that may hold variables that nobody sees.

    A RefusalError for a variable whose name Flux refuses.
    """

    def __init__(self, tree: OriginNode, lookup: ObjectLookup) -> None:
        self._values: dict[str, StatedValue] = {}
        self.unseen: tuple[str, ...] = ()
        self.is_asked = (asked := tree.get("spec", "postBuild")) is not None and asked.value is not None
        self._always = tree.text_at("spec", "postBuild", "substituteStrategy") == "Always"
        namespace = tree.text_at("metadata", "namespace")
        for reference in tree.items_at("spec", "postBuild", "substituteFrom"):
            self._take_in(reference.text_at("kind"), namespace, reference.text_at("name"), lookup)
        if (stated := tree.get("spec", "postBuild", "substitute")) is not None:
            self._set_variables(
                stated, f"Kustomization {namespace}/{tree.text_at('metadata', 'name')}", is_secret=False
            )

    @property
    def is_certain(self) -> bool:
        """Whether there surely is a variable, without which nothing is substituted."""
        return self._always or bool(self._values)

    @property
    def is_possible(self) -> bool:
        """Whether anything may be substituted at all."""
        return self.is_asked and (self.is_certain or bool(self.unseen))

    def value(self, name: str) -> StatedValue:
        """What a variable stands for; one that no source has is empty."""
        if name in self._values:
            return self._values[name]
        return StatedValue(None, Variable(f"{name} of {' or '.join(self.unseen)}")) if self.unseen else StatedValue("")

    def _take_in(self, kind: str, namespace: str, name: str, lookup: ObjectLookup) -> None:
        """Takes the variables of a ConfigMap or a Secret; one that is not there may override all that came before."""
        if kind not in (_SECRET, _CONFIG_MAP):
            return
        title = f"{kind} {namespace}/{name}"
        tree = lookup(kind, namespace, name)
        if tree is None:
            self._values.clear()
            self.unseen += (title,)
            return
        for field in ("data", "stringData") if kind == _SECRET else ("data",):
            if (stated := tree.get(field)) is not None:
                self._set_variables(stated, title, is_secret=kind == _SECRET)
                if stated.is_open or isinstance(stated.value, Unknown):
                    self.unseen += (title,)

    def _set_variables(self, stated: OriginNode, title: str, *, is_secret: bool) -> None:
        for name, node in stated.entries.items():
            if not _IS_NAME.match(name):
                raise RefusalError(f"'{name}' var name is invalid, must match '{_NAME}'", node.key_place)
            if is_secret or node.text.startswith(ENCRYPTED):
                self._values[name] = StatedValue(None, Variable(f"{name} of {title}"))
            elif isinstance(node.value, Unknown):
                self._values[name] = StatedValue(None, node.value.term, node)
            else:
                self._values[name] = StatedValue(node.text.replace("\n", ""), None, node)


def join_terms(terms: Iterator[str | Term]) -> Term:
    """The term of texts and terms that stand one after the other."""
    parts: list[str | Variable | Fresh] = []
    for term in terms:
        parts += term.parts if isinstance(term, Concat) else [term] if term else []
    only = parts[0] if len(parts) == 1 else None
    return only if isinstance(only, Variable | Fresh) else Concat(tuple(parts))
