"""The generators of an ApplicationSet: the sets of parameters that they give (applicationset/generators).

What the cluster or another service knows is not known here. The clusters of Argo CD and what plugins generate give one
set that stands for any of theirs: what else is put together with it still says which paths are applied to some cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from kubeqed.build.directory import Files, thaw_documents
from kubeqed.build.gitops.argo.git_generator import from_git
from kubeqed.build.gitops.argo.open_values import OpenParameters
from kubeqed.build.gitops.argo.parameters import (
    Parameters,
    TemplateDialect,
    add_values,
    combine,
    flatten,
    join_origins,
    merge_values,
    spell_parameter,
    values_of,
)
from kubeqed.build.node import COPIED, OriginNode
from kubeqed.build.refusal import RefusalError, Unbuilt, UnbuiltError
from kubeqed.parse import Through, Unknown, parse
from kubeqed.sources import SourceFile

_OF_SERVICES = {
    "scmProvider": "the repositories that a host of repositories lists",
    "pullRequest": "the pull requests that are open",
}
_STOOD_FOR = {
    "clusters": "the clusters that Argo CD knows",
    "clusterDecisionResource": "the clusters that a resource of the cluster names",
    "plugin": "what a plugin generates",
}
_SELECTORS = ("selector", "labelSelector", "configMapRef")
_TWO = 2  # generators of a matrix
_MOST_SETS = 5_000


class Generation:
    """What makes sets of parameters for one ApplicationSet; `unbuilt` is what is not known of them."""

    def __init__(self, files: Files, root: str, dialect: TemplateDialect) -> None:
        self._files = files
        self._root = root
        self._dialect = dialect
        self.unbuilt: list[Unbuilt] = []
        self._made: dict[str, Callable[[OriginNode], list[Parameters]]] = {
            "list": self._from_list,
            "git": lambda node: from_git(node, files, root, dialect),
            **{kind: partial(self._standing_for, kind) for kind in _STOOD_FOR},
            "matrix": self._from_matrix,
            "merge": self._from_merge,
        }

    def generate(self, generator: OriginNode, given: Parameters | None = None) -> list[Parameters]:
        """The sets of one generator; `given` is one of the set before it in a matrix. An UnbuiltError says why there are none."""
        if given is not None:
            generator = self._interpolate_generator(generator, given)
        sets: list[Parameters] = []
        for kind, node in generator.entries.items():
            if kind in self._made and node.value is not None:
                sets += self._made[kind](node)
            elif kind in _OF_SERVICES:
                raise UnbuiltError(_OF_SERVICES[kind])
        _check_number(sets)
        selector = generator.get("selector")
        return sets if selector is None else [_narrow_set(one, selector) for one in sets if _is_selected(one, selector)]

    def _interpolate_generator(self, generator: OriginNode, given: Parameters) -> OriginNode:
        """A generator with parameters put in; of its `values` those that they do not explain are left for later."""
        made = generator.copy()
        explained = {}
        for kind, node in made.entries.items():
            values = node.entries.pop("values", None)
            if values is not None and values.entries:
                explained[kind] = self._interpolate_values(values, given)
        made = Parameters(given.values).renders(made, self._dialect)
        for kind, values in explained.items():
            made.entries[kind].entries["values"] = values
        return made

    def _interpolate_values(self, values: OriginNode, given: Parameters) -> OriginNode:
        strict = self._dialect._replace(strict=True)
        made = {}
        for key, node in values.entries.items():
            try:
                made[key] = Parameters(given.values).renders(node, strict)
            except UnbuiltError:
                made[key] = node
        return values.like(made)

    def _from_list(self, node: OriginNode) -> list[Parameters]:
        sets = [Parameters(self._read_element(one), (Through(one.place, COPIED),)) for one in node.items_at("elements")]
        text = node.get("elementsYaml")
        if text is not None and text.text:
            sets += [Parameters(one, (Through(text.place, COPIED),)) for one in _yaml_elements(text)]
        return sets

    def _read_element(self, element: OriginNode) -> dict[str, Any]:
        """An element of a list; without Go templates all in it are texts."""
        if not isinstance(element.value, dict):
            raise UnbuiltError("an element that is no mapping, so that Argo CD refuses it")
        if self._dialect.go:
            values: dict[str, Any] = values_of(element)
            return values
        made: dict[str, Any] = {}
        for key, node in element.entries.items():
            inside = {f"values.{name}": one for name, one in node.entries.items()} if key == "values" else {key: node}
            for name, one in inside.items():
                if not isinstance(one.value, str | Unknown):
                    raise UnbuiltError(f"an element whose {name} is no text, so that Argo CD refuses it")
                made[name] = one.value
        return made

    def _standing_for(self, kind: str, node: OriginNode) -> list[Parameters]:
        """One set that stands for any that are generated elsewhere: of it only `values` are known."""
        self.unbuilt.append(Unbuilt(node.key_place, _STOOD_FOR[kind]))
        made: dict[str, Any] = OpenParameters()
        values = node.get("values")
        if values is not None:
            add_values(made, values.entries, self._dialect)
        chosen = tuple(
            text for field in _SELECTORS if (one := node.get(field)) is not None for text in _describe_selector(one)
        )
        return [Parameters(made, (Through(node.key_place, COPIED),), chosen)]

    def _from_matrix(self, node: OriginNode) -> list[Parameters]:
        generators = node.items_at("generators")
        if len(generators) != _TWO:
            raise UnbuiltError(f"a matrix of {len(generators)} generators, which Argo CD refuses")
        sets: list[Parameters] = []
        for first in self.generate(generators[0]):
            sets += [combine(first, second, self._dialect) for second in self.generate(generators[1], first)]
            _check_number(sets)
        return sets

    def _from_merge(self, node: OriginNode) -> list[Parameters]:
        keys = sorted({one.text for one in node.items_at("mergeKeys")})
        generators = node.items_at("generators")
        if len(generators) < _TWO or not keys:
            raise UnbuiltError("a merge of fewer than two generators or without keys, which Argo CD refuses")
        sets = self.generate(generators[0])
        for generator in generators[1:]:
            sets = list(_merge_sets(sets, self.generate(generator), keys, self._dialect))
        return sets


def _check_number(sets: list[Parameters]) -> None:
    if len(sets) > _MOST_SETS:
        raise UnbuiltError(f"more than {_MOST_SETS:,} sets of parameters", gave_up=True)


def _merge_sets(
    sets: list[Parameters], others: list[Parameters], keys: list[str], dialect: TemplateDialect
) -> Iterator[Parameters]:
    """Each set with that of the others which has the same values of the keys.

    A set that is open stands for itself, and for each of those that contradict nothing of it.
    """
    known = {_key_of(other, keys): other for other in reversed(others) if not _is_open(other)}
    for one in sets:
        if _is_open(one):
            yield one._replace(is_guess=True)
            yield from (
                _guess_set(one, other, keys, dialect)
                for other in others
                if all(_may_agree(one, other, key) for key in keys)
            )
        else:
            other = known.get(_key_of(one, keys))
            yield _lay_over(one, other, dialect) if other is not None else one


def _is_open(parameters: Parameters) -> bool:
    return isinstance(parameters.values, OpenParameters)


def _key_of(parameters: Parameters, keys: list[str]) -> tuple[str, ...]:
    return tuple(spell_parameter(parameters.values.get(key)) for key in keys)


def _may_agree(one: Parameters, other: Parameters, key: str) -> bool:
    """Whether two sets have, or may have, the same value of a key."""
    for values in (one.values, other.values):
        if key not in values and isinstance(values, OpenParameters):
            return True
    return spell_parameter(one.values.get(key)) == spell_parameter(other.values.get(key))


def _lay_over(one: Parameters, other: Parameters, dialect: TemplateDialect) -> Parameters:
    values = merge_values(one.values, other.values) if dialect.go else {**one.values, **other.values}
    return join_origins(one, other)._replace(values=OpenParameters(values) if _is_open(one) else values)


def _guess_set(one: Parameters, other: Parameters, keys: list[str], dialect: TemplateDialect) -> Parameters:
    """A set for those of an open one that have the values of the keys; whether there is one is not known."""
    chosen = tuple(f"{key}={spell_parameter(other.values[key])}" for key in keys if key in other.values)
    made = _lay_over(one, other, dialect)
    return made._replace(chosen=(*made.chosen, *chosen), is_guess=True)


def _yaml_elements(text: OriginNode) -> list[dict[str, Any]]:
    """The elements of a text of YAML."""
    if isinstance(text.value, Unknown):
        raise UnbuiltError(f"the elements {text.text.strip()}, which are not known here")
    try:
        trees = thaw_documents(parse(SourceFile(text.place.file, text.text.encode())).documents)
    except RefusalError as error:
        raise UnbuiltError(f"elements that are no YAML: {error.reason}") from None
    values = values_of(trees[0]) if trees else []
    if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
        raise UnbuiltError("elements that are no list of mappings, which Argo CD refuses")
    return values


class SelectorRequirement(NamedTuple):
    """An expression of a selector."""

    key: str
    operator: str
    values: tuple[str, ...]


def _read_requirements(selector: OriginNode) -> list[SelectorRequirement]:
    labels = selector.get("matchLabels")
    wanted = [SelectorRequirement(key, "In", (one.text,)) for key, one in (labels.entries if labels else {}).items()]
    for one in selector.items_at("matchExpressions"):
        values = tuple(item.text for item in one.items_at("values"))
        wanted.append(SelectorRequirement(one.text_at("key"), one.text_at("operator"), values))
    return wanted


def _describe_selector(selector: OriginNode) -> list[str]:
    """What tells the clusters that a selector selects from others; the name of what generates them."""
    if selector.is_scalar or selector.get("name") is not None:
        return [selector.text or selector.text_at("name")]
    return sorted(
        f"{key}={values[0]}" if (operator, len(values)) == ("In", 1) else f"{key} {operator} {','.join(values)}".strip()
        for key, operator, values in _read_requirements(selector)
    )


def _narrow_set(parameters: Parameters, selector: OriginNode) -> Parameters:
    """A set that a selector selects; one that stands for several now stands for fewer."""
    if not _is_open(parameters):
        return parameters
    return parameters._replace(chosen=(*parameters.chosen, *_describe_selector(selector)))


def _is_selected(parameters: Parameters, selector: OriginNode) -> bool:
    """Whether a selector selects a set, as if its values were labels; one that is open may be selected."""
    labels = flatten(parameters.values)
    is_open = _is_open(parameters)
    return all(
        (is_open and one.key not in labels) or _meets_requirement(one, labels) for one in _read_requirements(selector)
    )


def _meets_requirement(requirement: SelectorRequirement, labels: Mapping[str, str]) -> bool:
    key, operator, values = requirement
    if operator == "Exists":
        return key in labels
    if operator == "DoesNotExist":
        return key not in labels
    return (labels.get(key) in values) == (operator == "In") if key in labels else operator == "NotIn"
