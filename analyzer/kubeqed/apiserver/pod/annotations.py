"""Annotations of a pod that the server reads: those of seccomp and AppArmor, tolerations, mirror pods, deletion cost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.storage.files import require_relative_path
from kubeqed.apiserver.pod.walk import LISTS, all_containers
from kubeqed.apiserver.violation import Violation, forbidden, invalid, rename_path
from kubeqed.model.values.known import all_known, equals, is_known, is_set, known_or
from kubeqed.parse import parse_whole_number

SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
APPARMOR_CONTAINER = "container.apparmor.security.beta.kubernetes.io/"
_MIRROR = "kubernetes.io/config.mirror"
_COST = "controller.kubernetes.io/pod-deletion-cost"
_LOCAL = "localhost/"
_DEFAULTS = ("runtime/default", "docker/default")
_INTEGER = r"-?[0-9]+"
_INT32 = 1 << 31


def validate_pod_annotations(template: Node) -> Iterator[Violation]:
    """The annotations of a Pod or a template, each by itself and against the field that replaced it."""
    annotations = template["metadata"]["annotations"]
    if not annotations.filled:
        return
    # Of a template the server leaves `metadata` out of the path.
    path = annotations.path if template.parent is None else f"{template.path}.annotations"
    for key, entry in annotations.entries():
        yield from _validate_annotation(key, entry, template["spec"], path)
    yield from _matching_seccomp(template["spec"], annotations)
    if not equals(template["spec"]["os"]["name"].text, "windows"):
        yield from _matching_apparmor(template["spec"], annotations)


def _validate_annotation(key: str, entry: Node, spec: Node, path: str) -> Iterator[Violation]:
    text = entry.text
    if not is_known(text):
        return
    if key == _MIRROR and equals(spec["nodeName"].text, ""):
        yield rename_path(invalid(entry, "needs spec.nodeName"), f"{path}[{key}]")
    elif key == _COST and not _is_cost(text):
        yield rename_path(invalid(entry, "must be a 32bit integer"), f"{path}[{key}]")
    elif key == SECCOMP_POD or key.startswith(SECCOMP_CONTAINER):
        for fault in _validate_seccomp(entry, text):
            yield rename_path(fault, f"{path}.{key}")
    elif key.startswith(APPARMOR_CONTAINER):
        for why in _apparmor_faults(key.removeprefix(APPARMOR_CONTAINER), text, spec):
            yield rename_path(invalid(entry, why), f"{path}[{key}]")


def _is_cost(text: str) -> bool:
    plain = text == "0" or not text.startswith("0")
    return plain and re.fullmatch(_INTEGER, text) is not None and -_INT32 <= parse_whole_number(text) < _INT32


def _validate_seccomp(entry: Node, text: str) -> Iterator[Violation]:
    if text.startswith(_LOCAL):
        yield from require_relative_path(entry, text.removeprefix(_LOCAL))
    elif text not in (*_DEFAULTS, "unconfined"):
        yield invalid(entry, "must be a valid seccomp profile")


def _apparmor_faults(container: str, text: str, spec: Node) -> Iterator[str]:
    containers = all_known(spec[key].names() for key in LISTS)
    if is_known(containers) and not any(container in names for names in containers):
        yield "names a container that does not exist"
    if text not in ("", "runtime/default", "unconfined") and not text.startswith(_LOCAL):
        yield "is no AppArmor profile"


def _matching_seccomp(spec: Node, annotations: Node) -> Iterator[Violation]:
    yield from _seccomp_mismatch(spec["securityContext"], annotations[SECCOMP_POD])
    for container in all_containers(spec):
        if is_set(container["name"].text):
            annotation = annotations[SECCOMP_CONTAINER + container["name"].text]
            yield from _seccomp_mismatch(container["securityContext"], annotation)


def _seccomp_mismatch(context: Node, annotation: Node) -> Iterator[Violation]:
    profile, text = context["seccompProfile"], annotation.text
    if profile.present and annotation.present and is_known(text):
        yield from _compare_with_field(
            profile, text, profile.path, {"RuntimeDefault": _DEFAULTS, "Unconfined": ("unconfined",)}
        )


def _matching_apparmor(spec: Node, annotations: Node) -> Iterator[Violation]:
    of_pod = spec["securityContext"]["appArmorProfile"]
    words = {"RuntimeDefault": ("runtime/default",), "Unconfined": ("unconfined",)}
    for container in all_containers(spec):
        own = container["securityContext"]["appArmorProfile"]
        profile = of_pod if own.absent else own
        annotation = annotations[APPARMOR_CONTAINER + known_or(container["name"].text, "")]
        if profile.present and annotation.present and is_known(annotation.text):
            yield from _compare_with_field(profile, annotation.text, own.path, words)


def _compare_with_field(
    profile: Node, annotation: str, path: str, words: Mapping[str, tuple[str, ...]]
) -> Iterator[Violation]:
    """The field and the annotation must say the same."""
    kind, local = profile["type"], profile["localhostProfile"]
    why = "must be as in the annotation"
    if annotation not in words.get(known_or(kind.text, ""), (annotation,)):
        yield rename_path(forbidden(kind, why), f"{path}.type")
    elif equals(kind.text, "Localhost"):
        if not annotation.startswith(_LOCAL):
            yield rename_path(forbidden(kind, why), f"{path}.type")
        elif is_known(local.text) and annotation.removeprefix(_LOCAL) != local.text:
            yield rename_path(forbidden(local, why), f"{path}.localhostProfile")
