"""Whether manifests turn a setting of a CNI on: keys of ConfigMaps, arguments, variables, images, fields of resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kubeqed.model.cni.capabilities import Setting
from kubeqed.model.kinds.configmap import ConfigMap
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.template import Container
from kubeqed.model.kinds.unmodelled import UnmodelledObject
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.unit import Unit
from kubeqed.model.values.fields import read_field, read_list, read_strings, read_text
from kubeqed.parse import Fresh, Place, Unknown, Value

_ABSENT = "absent"
_SWITCHES = frozenset(("true", "false", "True", "False", "0", "1", "", _ABSENT))
_PLACEHOLDER = re.compile(r"\$[({A-Za-z_]|\{\{")


class CniSetting(NamedTuple):
    """A setting as an object has it: whether it is on, an unknown where a placeholder decides, and where it stands.

    `what` says which setting, for people: the value of a field, or the image that is not there.
    """

    on: bool | Unknown
    item: Object
    path: str
    what: str

    @property
    def place(self) -> Place:
        """Where the setting stands."""
        return self.item.at(self.path)


def read_cni_setting(unit: Unit, setting: Setting, workloads: Sequence[Workload]) -> Iterator[CniSetting]:
    """Where a setting is made, on or off; `workloads` are the CNI's own, in which arguments and images count."""
    for item, path, raw in _find_values(unit, setting, workloads):
        value = _mask_expansion(raw)
        on = value if isinstance(value, Unknown) else (value in setting.values) is not setting.unless
        what = (
            f"no image {setting.key}" if setting.where == "image" else f"{setting.key} is {_show_value(value, setting)}"
        )
        yield CniSetting(on, item, path, what)


def _show_value(value: str | Unknown, setting: Setting) -> str:
    """The value where it is one of those that are known; another one may be a secret in the wrong place."""
    text = str(value)
    return text if text in setting.values or text in _SWITCHES else "another value"


def surest_setting(unit: Unit, settings: Sequence[Setting], workloads: Sequence[Workload]) -> CniSetting | None:
    """The place that turns one of the settings on, or may; None when nothing does."""
    found = [item for setting in settings for item in read_cni_setting(unit, setting, workloads)]
    on = [item for item in found if item.on is True]
    return next(iter(on or [item for item in found if isinstance(item.on, Unknown)]), None)


def container_images(container: Container) -> str:
    """The image as written, placeholders included; empty when there is none."""
    return container.image.text if isinstance(container.image, Unknown) else container.image or ""


def _find_values(
    unit: Unit, setting: Setting, workloads: Sequence[Workload]
) -> Iterator[tuple[Object, str, str | Unknown]]:
    """The values of a setting, wherever in the unit it is made."""
    if setting.where == "configmap":
        for configmap in unit.of(ConfigMap):
            value = configmap.data.entries.get(setting.key) if _is_called(configmap, setting.name) else None
            if value is not None:
                yield configmap, configmap.data.path_of(setting.key), value
    elif setting.where == "resource":
        yield from _find_fields(unit, setting)
    elif setting.where == "image":
        yield from _find_images(setting, workloads)
    else:
        read = _find_arguments if setting.where == "argument" else _find_variables
        for workload in workloads:
            for container in workload.template.all_containers():
                for path, value in read(container, setting.key):
                    yield workload, path, value


def _mask_expansion(value: str | Unknown) -> str | Unknown:
    """What a program would expand itself is unknown here: parse leaves it to the program where it stands."""
    return Unknown(Fresh(value), value) if isinstance(value, str) and _PLACEHOLDER.search(value) else value


def _is_called(item: Object, name: str) -> bool:
    return isinstance(item.name, str) and item.name == name


def _find_fields(unit: Unit, setting: Setting) -> Iterator[tuple[Object, str, str | Unknown]]:
    """The values of a field of custom resources."""
    group, _, kind = setting.name.partition("/")
    for item in unit.of(UnmodelledObject):
        if (item.group, item.kind) == (group, kind):
            *way, last = setting.key.split(".")
            node: Value = item.identity.root
            for step in way:
                node = read_field(node, step)
            value = read_text(node, last)
            if value is not None:
                yield item, setting.key, value


def _find_arguments(container: Container, flag: str) -> Iterator[tuple[str, str | Unknown]]:
    """`--flag=value`, `--flag value` and a bare `--flag`, which means true."""
    for key in ("command", "args"):
        items = list(read_strings(container.node, key))
        for index, item in enumerate(items):
            path = f"{container.path}.{key}[{index}]"
            name, equals, value = str(item).partition("=")
            if name == flag and isinstance(item, Unknown):
                yield path, item
            elif name == flag:
                yield path, value if equals else _read_next(items, index)


def _read_next(items: list[str | Unknown], index: int) -> str | Unknown:
    following = items[index + 1] if index + 1 < len(items) else "true"
    return "true" if isinstance(following, str) and following.startswith("-") else following


def _find_variables(container: Container, name: str) -> Iterator[tuple[str, str | Unknown]]:
    entries = read_list(container.node, "env", lambda node, _: (read_text(node, "name"), read_text(node, "value")))
    for index, (key, value) in enumerate(entries):
        if isinstance(key, str) and key == name and value is not None:
            yield f"{container.path}.env[{index}].value", value


def _find_images(setting: Setting, workloads: Sequence[Workload]) -> Iterator[tuple[Object, str, str | Unknown]]:
    """Whether a container of the workloads has an image; each workload is asked for itself."""
    for workload in workloads:
        images = [(container, container_images(container)) for container in workload.template.all_containers()]
        if any(setting.key in image for _, image in images):
            continue
        hidden = next((item.image for item, _ in images if isinstance(item.image, Unknown)), None)
        yield workload, f"{workload.template.path}.spec.containers", _ABSENT if hidden is None else hidden
