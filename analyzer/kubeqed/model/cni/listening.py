"""On which ports well-known images listen unless they are told otherwise.

Only ports that the image's own documentation or Dockerfile names; a container that is given a command, arguments,
environment or a configuration file may listen anywhere, and then nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubeqed.model.kinds.template import Container, PodTemplate
from kubeqed.model.values.fields import read_field
from kubeqed.model.values.known import UNKNOWN, all_known, is_known, known_or
from kubeqed.parse import Sequence, Unknown, Value

_INGRESS_NGINX = frozenset({80, 443, 8181, 8443, 10245, 10246, 10247, 10254})
"""https://kubernetes.github.io/ingress-nginx/user-guide/cli-arguments/"""

_BY_FLAGS = {
    "ingress-nginx/controller": _INGRESS_NGINX,
    "kubernetes-ingress-controller/nginx-ingress-controller": _INGRESS_NGINX,
}
_FLAGS = r"--(http|https|healthz|default-server|status|stream|profiler)-port|--(tcp|udp)-services-configmap"
"""What moves or adds ports of an ingress-nginx controller."""

_PLAIN = {
    "httpd": frozenset({80}),
    "mariadb": frozenset({3306}),
    "memcached": frozenset({11211}),
    "mongo": frozenset({27017}),
    "mysql": frozenset({3306, 33060}),
    "nginx": frozenset({80}),
    "nginxinc/nginx-unprivileged": frozenset({8080}),
    "postgres": frozenset({5432}),
    "redis": frozenset({6379}),
}
"""Official images: https://github.com/docker-library/official-images"""

_FILLED_IN = r"\$\{|\{\{"  # what is filled in may be any flag
_CONTENT = ("/var/", "/data", "/usr/share/", "/tmp", "/srv/")  # noqa: S108  # mounts that configure nothing

_WAITING = (
    r"(\S*/)?((ba|da|a)?sh( -\w+)+( --)? )?(exec )?"
    r"(\S*/)?(sleep \S+|tail -[fF] /dev/null|while (true|:) ?; ?do sleep \S+ ?; ?done)[; ]*"
)
"""A program that only waits, so that people may step into the pod."""


def listens_on(container: Container) -> frozenset[int] | Unknown:
    """The TCP ports on which a container listens."""
    if not isinstance(container.image, str):
        return UNKNOWN
    image = _without_tag(container.image)
    arguments = all_known(
        (*_list_texts(read_field(container.node, "args")), *_list_texts(read_field(container.node, "command")))
    )
    if not is_known(arguments):
        return arguments
    for name, ports in _BY_FLAGS.items():
        if image.endswith(name):
            return UNKNOWN if any(re.match(_FLAGS, text) for text in arguments) else ports
    return UNKNOWN if arguments or _is_configured(container) else _PLAIN.get(image.removeprefix("library/"), UNKNOWN)


def only_waits(template: PodTemplate) -> bool:
    """Whether the pods are a shell for people to step into: they declare no port, and their program does nothing but wait."""
    containers = list(template.serving())
    return bool(containers) and all(not one.ports.items and _only_waits(one) for one in containers)


def _only_waits(container: Container) -> bool:
    texts = [*_list_texts(read_field(container.node, "command")), *_list_texts(read_field(container.node, "args"))]
    return bool(re.fullmatch(_WAITING, " ".join((known_or(text, "") or "?").strip() for text in texts)))


def _without_tag(image: str) -> str:
    """`docker.io/library/nginx:1.27@sha256:…` as `library/nginx`; another registry stays, for its images are others."""
    name = re.sub(r"(:[^/:@]*)?(@.*)?\Z", "", image)
    return re.sub(r"\A(index\.)?docker\.io/", "", name)


def _is_configured(container: Container) -> bool:
    """Whether the environment or a mounted file may tell the program where to listen."""
    if read_field(container.node, "envFrom") is not None:
        return True
    names = _list_texts(read_field(container.node, "env"), "name")
    paths = _list_texts(read_field(container.node, "volumeMounts"), "mountPath")
    return any(not is_known(name) or "PORT" in name for name in names) or not all(
        known_or(path, "").startswith(_CONTENT) for path in paths
    )


def _list_texts(node: Value, key: str = "") -> Iterator[str | Unknown]:
    """The texts of a list, or those under a key of its items."""
    if node is not None and not isinstance(node, Sequence):
        yield UNKNOWN
    for item in node if isinstance(node, Sequence) else ():
        value = read_field(item, key) if key else item
        yield value if isinstance(value, str) and not re.search(_FILLED_IN, value) else UNKNOWN
    if isinstance(node, Sequence) and node.open:
        yield UNKNOWN
