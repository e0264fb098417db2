"""The texts that name hosts: variables and arguments of containers, the data of ConfigMaps, and what an ExternalName stands for.

`$(NAME)` is replaced as Kubernetes does, by a variable of the container that stands before:
https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kubeqed.late_pattern import compile_late
from kubeqed.model.kinds.configmap import ConfigMap
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.template import Container
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.fields import read_field, read_items, read_text
from kubeqed.model.values.known import equals
from kubeqed.parse import Value

OWN_NAMESPACE = "\x01"
"""What stands in a text for the namespace of its object, where a variable takes it from there."""

_UNKNOWN = "\x02"
_REFERENCE = compile_late(r"\$\$|\$\(([\w.-]+)\)")
_SCRIPT = compile_late(
    r"\.(?:sh|bash|py|js|ts|lua|rb|pl|md|html?|css|sql|txt|tpl|tmpl|gotmpl|crt|pem)\Z|\A(?:README|NOTES)"
)
_FLAG = compile_late(r"--?(?P<flag>[A-Za-z][\w.-]*)=(?P<value>.*)", re.DOTALL)


class ConfiguredText(NamedTuple):
    """A text at a path of an object; `key` is the name of the variable, of the flag or of the entry, empty where it has none."""

    path: str
    key: str
    text: str

    @property
    def scope(self) -> str:
        """What holds it and others beside it: the variables of a container, its arguments, the data of a ConfigMap."""
        return self.path.rpartition("[")[0] if self.path.startswith("spec") else ""

    @property
    def is_file(self) -> bool:
        """Whether it has several lines, as a file has that a program reads."""
        return "\n" in self.text


def list_configured_texts(item: Object) -> Iterator[ConfiguredText]:
    """The texts of an object that are known; not scripts, which decide by themselves what they dial."""
    if isinstance(item, ConfigMap):
        for key, value in item.data.entries.items():
            if isinstance(value, str) and not _SCRIPT.search(key) and not value.startswith("#!"):
                yield ConfiguredText(item.data.path_of(key), key, value)
    elif isinstance(item, Service):
        if equals(item.type, "ExternalName") and isinstance(item.external_name, str):
            yield ConfiguredText("spec.externalName", "", item.external_name)
    elif isinstance(item, Workload):
        for container in item.template.all_containers():
            yield from _list_of_container(container)


def _list_of_container(container: Container) -> Iterator[ConfiguredText]:
    known: dict[str, str] = {}
    for index, entry in enumerate(read_items(container.node, "env")):
        name, value = read_text(entry, "name"), read_text(entry, "value")
        if not isinstance(name, str):
            continue
        known[name] = _expand_references(value, known) if isinstance(value, str) else _find_source(entry)
        if isinstance(value, str):
            yield ConfiguredText(f"{container.path}.env[{index}].value", name, known[name])
    yield from _list_arguments(container, known)


def _list_arguments(container: Container, known: Mapping[str, str]) -> Iterator[ConfiguredText]:
    """Each argument; the value of a flag stands for itself, also where it is the next argument. What a shell runs is left out."""
    for field in ("command", "args"):
        flag = ""
        for index, value in enumerate(read_items(container.node, field)):
            if not isinstance(value, str) or "\n" in value or flag in ("c", "lc", "ec", "exc"):
                flag = ""
                continue
            match = _FLAG.fullmatch(value)
            text = _expand_references(match["value"] if match else value, known)
            yield ConfiguredText(f"{container.path}.{field}[{index}]", match["flag"] if match else flag, text)
            flag = value.lstrip("-") if value.startswith("-") and match is None else ""


def _find_source(entry: Value) -> str:
    """What a variable that is taken from elsewhere stands for."""
    source = read_text(read_field(read_field(entry, "valueFrom"), "fieldRef"), "fieldPath")
    return OWN_NAMESPACE if isinstance(source, str) and source == "metadata.namespace" else _UNKNOWN


def _expand_references(text: str, known: Mapping[str, str]) -> str:
    if "$" not in text:
        return text
    return _REFERENCE.sub(lambda match: "$" if match[1] is None else known.get(match[1], _UNKNOWN), text)
