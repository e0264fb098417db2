"""Facts from objects: their sentences are made from object, path and value, so that no two say it differently."""

from __future__ import annotations

from typing import Any

from kubeqed.model.kinds.object import NAMESPACE_NOT_SET, Object
from kubeqed.model.units.unit import Unit
from kubeqed.model.units.unseen import UnseenObject, may_exist
from kubeqed.model.values.fields import Listing
from kubeqed.parse import Unknown
from kubeqed.prove.engine.formula import Equal, Fact, Formula, Scalar


def make_fact(item: Object, path: str, value: Scalar | Unknown, note: str = "") -> Fact:
    """That the field at `path` has this value; `note` says where it comes from when no line does."""
    what = "not set" if value is None or value is NAMESPACE_NOT_SET else value
    return Fact(value, f"{item} {path} is {what}{note}", item.at(path))


def nothing_more_fact(item: Object, path: str, listing: Listing[Any]) -> Fact:
    """That a list holds nothing besides the items seen; unknown when a template may add to it."""
    value: bool | Unknown = False if listing.more is None else listing.more
    return Fact(value, f"{item} {path} holds nothing else", item.at(path))


def elsewhere_unknown(unit: Unit, what: str) -> Fact:
    """Whether `what` exists outside the manifests of the unit: false in a closed world without producers."""
    value = may_exist(unit, what)
    text = f"nothing provides {what}"
    return Fact(value, text if isinstance(value, UnseenObject) else f"{text}: {unit.root} is the whole cluster", None)


def same_namespace(one: Object, other: Object) -> Formula:
    """Both objects are in one namespace."""
    return Equal(
        make_fact(one, "metadata.namespace", one.namespace), make_fact(other, "metadata.namespace", other.namespace)
    )
