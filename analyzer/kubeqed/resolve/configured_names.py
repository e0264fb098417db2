"""Names of Services in the texts that configure programs, and which Service each means.

A name of one label is looked up in the namespace of the object, one of two in the namespace that the second names, or as a pod of
the Service that the second names. A host that is neither spelt as the DNS of the cluster does nor built of names of the unit is left
out: most are hosts elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kubeqed.model.kinds.configmap import ConfigMap
from kubeqed.model.kinds.configured_text import OWN_NAMESPACE, ConfiguredText, list_configured_texts
from kubeqed.model.kinds.object import Object, ObjectReference
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.dialled import DialledName, find_dialled, locate_dialled, read_host
from kubeqed.model.values.fields import read_field, read_items
from kubeqed.model.values.match import Match
from kubeqed.parse import Place, Unknown
from kubeqed.resolve.resolver import Resolver

_SERVICE = ("", "Service")
_NO_HOST = re.compile(r"(?i)image|tag\b|version|pass|secret|token|auth|user|cred|license|key\Z|arn\Z")
_HOST_KEY = re.compile(
    r"(?i)(?:\A|[_.-])(?:host|addr|address|endpoint|server|broker|url|uri)\Z|(?:Host|Addr|Address)\Z"
)
_POD_NAME = re.compile(r"[a-z0-9-]+-\d+\.[a-z][a-z0-9-]*")  # no other text looks so, whatever its key
_POD_NAMES = re.compile(rf"(?:[a-z]+://)?({_POD_NAME.pattern}(?:[,; ]{_POD_NAME.pattern})+)/?")
_PORT_KEY = re.compile(r"(?i)(.+?)[_.-]?port\Z")
_HOST_OF_PORT = re.compile(r"(?i)(.+?)[_.-]?(?:host|hostname|server|addr|address)\Z")
_OF_ITSELF = re.compile(r"(?i)(?:\A|.*[_.-])(?:server|service|app|http|web|listen|bind|api)\Z")
"""What a program calls its own host and port, by the words before them."""
_SERVICE_KEY = re.compile(r"(?i)(?:\A|[_.-])service\Z")
_QUALIFIED = re.compile(r"(?P<namespace>[a-z0-9-]+|\x01)/(?P<name>[a-z0-9-]+)\Z")
_SMALLEST = 20  # below it, a number behind a name is sooner a version


class ConfiguredName(NamedTuple):
    """A text of `source` that names a Service, or a pod of one: `pod` is its first label, None where the Service is named.

    `of_pair` says that the text is only the port of it: `DB_PORT` beside `DB_HOST`, which is a name for itself.
    """

    source: Object
    text: ConfiguredText
    dialled: DialledName
    namespace: str | Unknown | None
    name: str
    pod: str | None
    of_pair: bool = False

    def __str__(self) -> str:
        own = self.namespace if isinstance(self.namespace, str) else "its-namespace"
        return str(self.dialled).replace(OWN_NAMESPACE, own)

    @property
    def place(self) -> Place:
        """Where the text stands; the name in it, where it is a file in a ConfigMap."""
        place = self.source.at(self.text.path)
        where = locate_dialled(self.text.text, self.dialled) if self.text.is_file else None
        return (
            place if where is None or not isinstance(self.source, ConfigMap) else place.within(self.text.text, *where)
        )

    @property
    def reference(self) -> ObjectReference:
        """The Service that is named, as a reference that others may share."""
        return ObjectReference(self.source, self.text.path, _SERVICE, self.namespace, self.name, is_shared=True)


@lru_cache(maxsize=2)  # asked by several rules
def list_configured_names(graph: Resolver) -> tuple[ConfiguredName, ...]:
    """What the workloads and ConfigMaps of a unit name, in source order; each name of a text once."""
    found: list[ConfiguredName] = []
    namespaces = frozenset(item.namespace for item in graph.unit.objects if isinstance(item.namespace, str))
    for item in graph.unit.objects:
        if isinstance(item, Workload | ConfigMap | Service):
            aliases = _list_aliases(item)
            texts = list(list_configured_texts(item))
            for text in texts:
                names = {one.dialled: one for one in _list_of_text(graph, item, text, namespaces)}
                found += (one for host, one in names.items() if host.host not in aliases)
            pairs = _list_pairs(graph, item, texts, namespaces)
            found += (one for one in pairs if one.dialled.host not in aliases)
    return tuple(found)


@lru_cache(maxsize=2)
def names_by_service(graph: Resolver) -> dict[Service, list[ConfiguredName]]:
    """The names that surely mean a Service of the unit, by Service."""
    found: dict[Service, list[ConfiguredName]] = {}
    for name in list_configured_names(graph):
        for item, match in graph.named(_SERVICE, name.namespace, name.name):
            if isinstance(item, Service) and match is Match.YES:
                found.setdefault(item, []).append(name)
    return found


@lru_cache(maxsize=2)
def service_names_by_source(graph: Resolver) -> dict[Object, list[ConfiguredName]]:
    """The same names, by the object whose text it is."""
    found: dict[Object, list[ConfiguredName]] = {}
    for names in names_by_service(graph).values():
        for name in names:
            found.setdefault(name.source, []).append(name)
    return found


def _list_of_text(
    graph: Resolver, item: Object, text: ConfiguredText, namespaces: frozenset[str]
) -> Iterator[ConfiguredName]:
    secretive = _NO_HOST.search(text.key) is not None
    for dialled in find_dialled(text.text):
        if not _is_something_else(text, dialled, secretive=secretive):
            yield from _interpret_name(graph, item, text, dialled, namespaces)
    for name in _split_pod_names(text.text):
        yield from _interpret_name(graph, item, text, name, namespaces)
    qualified = _QUALIFIED.fullmatch(text.text) if _SERVICE_KEY.search(text.key) else None
    if qualified is not None:
        whole = DialledName(text.text, None, is_url=False, is_implied=True, ends=True)
        yield _make_name(item, text, whole, qualified["namespace"], qualified["name"])
    elif (
        (_HOST_KEY.search(text.key) or _POD_NAME.fullmatch(text.text))
        and not secretive
        and (host := read_host(text.text))
        and not host.is_spelt_out
    ):
        yield from _interpret_name(graph, item, text, host, namespaces)


def _split_pod_names(text: str) -> Iterator[DialledName]:
    """The hosts of a text that lists pods by their names in DNS, without ports: `gcomm://db-0.db,db-1.db`."""
    listed = _POD_NAMES.fullmatch(text)
    for part in re.split("[,; ]", listed[1]) if listed else ():
        if host := read_host(part):
            yield host


def _list_pairs(
    graph: Resolver, item: Object, texts: list[ConfiguredText], namespaces: frozenset[str]
) -> Iterator[ConfiguredName]:
    """Host and port that stand in two variables, arguments or entries beside one another."""
    hosts = {
        (text.scope, match[1].lower()): host
        for text in texts
        if (match := _HOST_OF_PORT.fullmatch(text.key)) and (host := read_host(text.text))
    }
    for text in texts:
        match = _PORT_KEY.fullmatch(text.key)
        host = hosts.get((text.scope, match[1].lower())) if match and not _OF_ITSELF.match(match[1]) else None
        if host is not None and text.text.isdecimal() and len(text.text) < 6:
            for name in _interpret_name(graph, item, text, host._replace(port=int(text.text)), namespaces):
                yield name._replace(of_pair=True)


def _is_something_else(text: ConfiguredText, dialled: DialledName, *, secretive: bool) -> bool:
    """Whether what looks like a host is an image, a version, a password, or a name that a file gives to something of its own."""
    if dialled.is_spelt_out:
        return False
    if dialled.is_url:
        return text.is_file and dialled.is_implied
    return secretive or (dialled.port is not None and dialled.port < _SMALLEST)


def _interpret_name(
    graph: Resolver, item: Object, text: ConfiguredText, dialled: DialledName, namespaces: frozenset[str]
) -> Iterator[ConfiguredName]:
    labels = dialled.host.split(".")
    if dialled.is_spelt_out:
        place = labels.index("svc", 2)
        yield _make_name(item, text, dialled, labels[place - 1], labels[place - 2], labels[0] if place == 3 else None)
    elif len(labels) == 1:
        yield _make_name(item, text, dialled, OWN_NAMESPACE, labels[0])
    elif len(labels) == 2 and _is_called(graph, labels[1], item.namespace):
        yield _make_name(item, text, dialled, OWN_NAMESPACE, labels[1], labels[0])
    elif len(labels) == 2 and labels[1] in (*namespaces, OWN_NAMESPACE):
        yield _make_name(item, text, dialled, labels[1], labels[0])
    elif len(labels) == 3 and _is_called(graph, labels[1], labels[2]):
        yield _make_name(item, text, dialled, labels[2], labels[1], labels[0])


def _make_name(
    item: Object, text: ConfiguredText, dialled: DialledName, namespace: str, name: str, pod: str | None = None
) -> ConfiguredName:
    return ConfiguredName(item, text, dialled, item.namespace if namespace == OWN_NAMESPACE else namespace, name, pod)


def _is_called(graph: Resolver, name: str, namespace: str | Unknown | None) -> bool:
    return any(match is Match.YES for _, match in graph.named(_SERVICE, namespace, name))


def _list_aliases(item: Object) -> frozenset[str]:
    """The names that `hostAliases` of a pod give."""
    if not isinstance(item, Workload):
        return frozenset()
    aliases = read_items(read_field(item.template.node, "spec"), "hostAliases")
    return frozenset(name for one in aliases for name in read_items(one, "hostnames") if isinstance(name, str))
