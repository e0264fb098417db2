"""Random small clusters as plain data, and what each question means for them once every unknown is filled in.

Nothing here uses the model, the graph or the formulas: the documents are dicts, and a definition is read off them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from hypothesis import strategies as st

Document = dict[str, Any]
Values = Mapping[str, object]

NAMESPACE, ELSEWHERE = "the namespace nobody set", "elsewhere"
_WRITTEN: list[object] = ["web", "db", "shop", "ops", "http", 80, 81, 30000, 30500]
_names = st.sampled_from(["web", "web", "db", "${A}", "${B}"])
_namespaces = st.sampled_from([None, None, "shop", "ops", "${A}", "${B}"])
_labels = st.dictionaries(st.sampled_from(["app", "tier"]), st.sampled_from(["web", "db", "${A}"]), min_size=1)
_ports = st.sampled_from([80, 81, 80, "${B}"])
_node_ports = st.sampled_from([None, None, 0, 30000, 30500, 30500, "${A}"])


def _metadata(name: str, namespace: str | None) -> Document:
    return {"name": name} if namespace is None else {"name": name, "namespace": namespace}


def _object(api_version: str, kind: str, spec: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    return st.builds(
        lambda name, namespace, filled: {
            "apiVersion": api_version,
            "kind": kind,
            "metadata": _metadata(name, namespace),
            "spec": {key: value for key, value in filled.items() if value is not None},
        },
        _names,
        _namespaces,
        spec,
    )


def _template(labels: Document) -> Document:
    return {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "i"}]}}


_entries = st.fixed_dictionaries(
    {"port": _ports}, optional={"name": st.sampled_from(["http", "${A}"]), "protocol": st.sampled_from(["TCP", "UDP"])}
)
_node_entries = st.builds(
    lambda entry, number: entry if number is None else {**entry, "nodePort": number}, _entries, _node_ports
)
services = _object(
    "v1",
    "Service",
    st.fixed_dictionaries(
        {
            "type": st.sampled_from([None, None, "ExternalName", "${A}"]),
            "clusterIP": st.sampled_from([None, "None", "None", "${B}"]),
            "selector": st.one_of(st.none(), _labels),
            "ports": st.lists(_entries, max_size=2),
        }
    ),
)
node_port_services = _object(
    "v1",
    "Service",
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["NodePort", "LoadBalancer"]),
            "ports": st.lists(_node_entries, min_size=1, max_size=2),
        }
    ),
)
statefulsets = _object(
    "apps/v1",
    "StatefulSet",
    st.fixed_dictionaries({"serviceName": st.one_of(st.none(), _names), "template": _labels.map(_template)}),
)
deployments = _object("apps/v1", "Deployment", st.fixed_dictionaries({"template": _labels.map(_template)}))
_backend_ports = st.one_of(
    st.builds(lambda number: {"number": number}, _ports), st.builds(lambda name: {"name": name}, st.just("http"))
)
ingresses = _object(
    "networking.k8s.io/v1",
    "Ingress",
    st.fixed_dictionaries(
        {
            "defaultBackend": st.builds(
                lambda name, port: {"service": {"name": name, "port": port}}, _names, _backend_ports
            )
        }
    ),
)


class Placed(NamedTuple):
    """Documents as a file, and whether a producer may hide others: a placeholder stands in one."""

    documents: list[Document]

    @property
    def text(self) -> str:
        return "\n---\n".join(map(json.dumps, self.documents))

    def open_world(self, closed: bool) -> bool:
        return not closed or "${" in self.text


def table(world: Placed, closed: bool, holds: Callable[[list[Document], bool], bool]) -> list[tuple[Values, bool]]:
    """Whether a property holds in each completion: `holds` is given the documents filled in, and what is elsewhere."""
    text = world.text
    written: list[object] = ["None", "ExternalName", *(value for value in _WRITTEN if json.dumps(value) in text)]
    others = [f"new {name}" for name in ("${A}", "${B}") if name in text]
    found: dict[str, list[object]] = {
        name: [*written, f"new {name}", 7777] for name in ("${A}", "${B}") if name in text
    }
    found[NAMESPACE] = [*(value for value in written if isinstance(value, str)), "the new one", *others]
    found[ELSEWHERE] = [False, True] if world.open_world(closed) else [False]
    result: list[tuple[Values, bool]] = []
    for values in product(*found.values()):
        completion = dict(zip(found, values, strict=True))
        filled = [_filled(document, completion) for document in world.documents]
        result.append((completion, holds(filled, bool(completion[ELSEWHERE]))))
    return result


def _filled(document: Document, completion: Values) -> Document:
    def fill(node: object) -> object:
        if isinstance(node, dict):
            return {key: fill(value) for key, value in node.items()}
        if isinstance(node, list):
            return list(map(fill, node))
        return completion.get(node, node) if isinstance(node, str) else node

    filled = fill(document)
    assert isinstance(filled, dict)
    filled["metadata"].setdefault("namespace", completion[NAMESPACE])
    return filled


def of_kind(documents: list[Document], kind: str) -> Iterator[Document]:
    return (document for document in documents if document["kind"] == kind)


def named(documents: list[Document], kind: str, namespace: object, name: object) -> Iterator[Document]:
    for document in of_kind(documents, kind):
        if document["metadata"]["namespace"] == namespace and document["metadata"]["name"] == name:
            yield document


def backend_service_exists(documents: list[Document], elsewhere: bool) -> bool:
    (ingress,) = of_kind(documents, "Ingress")
    name = ingress["spec"]["defaultBackend"]["service"]["name"]
    return elsewhere or any(named(documents, "Service", ingress["metadata"]["namespace"], name))


def backend_port_resolves(documents: list[Document], elsewhere: bool) -> bool:
    (ingress,) = of_kind(documents, "Ingress")
    backend = ingress["spec"]["defaultBackend"]["service"]
    ((how, wanted),) = backend["port"].items()
    for service in named(documents, "Service", ingress["metadata"]["namespace"], backend["name"]):
        ports = service["spec"].get("ports")
        if ports and service["spec"].get("type") != "ExternalName":
            offered = [port.get("port" if how == "number" else "name") for port in ports]
            if wanted not in offered:
                return False
    return True


def governing_service_exists(documents: list[Document], elsewhere: bool) -> bool:
    (statefulset,) = of_kind(documents, "StatefulSet")
    return elsewhere or "serviceName" not in statefulset["spec"] or any(_governing(documents))


def governing_service_headless(documents: list[Document], elsewhere: bool) -> bool:
    return all(
        service["spec"].get("type") != "ExternalName" and service["spec"].get("clusterIP") == "None"
        for service in _governing(documents)
    )


def governing_service_selects_pods(documents: list[Document], elsewhere: bool) -> bool:
    (statefulset,) = of_kind(documents, "StatefulSet")
    return all(_selects(service, statefulset) for service in _governing(documents) if _selector(service))


def _governing(documents: list[Document]) -> Iterator[Document]:
    (statefulset,) = of_kind(documents, "StatefulSet")
    name = statefulset["spec"].get("serviceName")
    return iter(()) if name is None else named(documents, "Service", statefulset["metadata"]["namespace"], name)


def _selector(service: Document) -> Document:
    """What the server selects by: an ExternalName's selector is ignored."""
    return {} if service["spec"].get("type") == "ExternalName" else service["spec"].get("selector") or {}


def _selects(service: Document, workload: Document) -> bool:
    worn = workload["spec"]["template"]["metadata"]["labels"].items()
    return bool(_selector(service).items() <= worn)


def service_selects_pods(documents: list[Document], elsewhere: bool) -> bool:
    (service,) = of_kind(documents, "Service")
    return (
        elsewhere
        or not _selector(service)
        or any(
            workload["metadata"]["namespace"] == service["metadata"]["namespace"] and _selects(service, workload)
            for workload in of_kind(documents, "Deployment")
        )
    )
