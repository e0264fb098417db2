"""Kinds by group and name, defaults, lists, both forms of Ingress, and the three ways of not being there."""

from __future__ import annotations

import importlib

import pytest
from tests.worlds import manifest

from kubeqed.model import kinds
from kubeqed.model.kinds.ingress import Ingress
from kubeqed.model.kinds.object import NAMESPACE_NOT_SET, Object
from kubeqed.model.kinds.registry import find_reader
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.statefulset import StatefulSet
from kubeqed.model.kinds.unmodelled import UnmodelledObject, UnmodelledWorkload
from kubeqed.model.kinds.workload import Workload
from kubeqed.parse import Unknown
from kubeqed.sources.modules import list_modules


def only(text: str) -> Object:
    (item,) = manifest(text).objects
    return item


def written(api_version: str, kind: str, spec: str = "{}", metadata: str = "{name: x}") -> Object:
    return only(f"{{apiVersion: {api_version}, kind: {kind}, metadata: {metadata}, spec: {spec}}}")


def service(spec: str) -> Service:
    found = written("v1", "Service", spec)
    assert isinstance(found, Service)
    return found


def ingress(version: str, spec: str) -> Ingress:
    found = written(version, "Ingress", spec)
    assert isinstance(found, Ingress)
    return found


def test_every_kind_that_a_module_reads_is_found_by_its_name() -> None:
    for module in list_modules(kinds.__path__):
        read = getattr(importlib.import_module(f"{kinds.__name__}.{module}"), "KINDS", {})
        for (group, kind), reader in read.items():
            assert kind == "" or find_reader(group, kind) is reader, f"{kind} needs a line in registry._SHARED"


@pytest.mark.parametrize(
    ("api_version", "kind", "expected"),
    [
        ("v1", "Service", "Service"),
        ("serving.knative.dev/v1", "Service", "UnmodelledObject"),
        ("networking.istio.io/v1", "Gateway", "UnmodelledObject"),
        ("crd.projectcalico.org/v1", "NetworkPolicy", "UnmodelledObject"),
        ("networking.k8s.io/v1", "NetworkPolicy", "NetworkPolicy"),
        ("extensions/v1beta1", "NetworkPolicy", "NetworkPolicy"),
        ("apps/v1", "Deployment", "Deployment"),
        ("extensions/v1beta1", "Deployment", "Deployment"),
        ("batch/v1", "CronJob", "CronJob"),
        ("v1", "Deployment", "UnmodelledObject"),
        ("example.com/v1", "Fields", "UnmodelledObject"),  # a module of the room, and no kind
    ],
)
def test_a_kind_is_its_group_and_its_name(api_version: str, kind: str, expected: str) -> None:
    assert type(written(api_version, kind)).__name__ == expected


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("apps/v1", "Deployment", "spec.template"),
        ("apps/v1", "StatefulSet", "spec.template"),
        ("apps/v1", "DaemonSet", "spec.template"),
        ("apps/v1", "ReplicaSet", "spec.template"),
        ("v1", "ReplicationController", "spec.template"),
        ("batch/v1", "Job", "spec.template"),
        ("batch/v1", "CronJob", "spec.jobTemplate.spec.template"),
        ("v1", "Pod", ""),
        ("argoproj.io/v1alpha1", "Rollout", "spec.template"),
    ],
)
def test_workloads_have_their_pods_labels_and_ports(api_version: str, kind: str, path: str) -> None:
    pod: dict[str, object] = {
        "metadata": "{labels: {app: web}}",
        "spec": "{containers: [{name: c, ports: [{containerPort: 80, name: http}]}]}",
    }
    if path:
        spec = f"{{metadata: {pod['metadata']}, spec: {pod['spec']}}}"
        for step in reversed(path.split(".")[1:]):
            spec = f"{{{step}: {spec}}}"
        found = written(api_version, kind, spec)
    else:
        found = written(api_version, kind, str(pod["spec"]), "{name: x, labels: {app: web}}")
    assert isinstance(found, Workload)
    assert found.template.labels.entries == {"app": "web"}
    (port,) = found.template.ports()
    assert (port.number, port.name, port.protocol, port.host_port) == (80, "http", "TCP", None)
    assert found.at(port.path + ".containerPort").span.column < found.at(port.path + ".name").span.column
    assert found.template.restart_policy == "Always"
    assert found.template.host_network is False


def test_a_custom_resource_without_containers_is_no_workload() -> None:
    assert isinstance(
        written("argoproj.io/v1alpha1", "Rollout", "{template: {spec: {containers: []}}}"), UnmodelledWorkload
    )
    assert isinstance(written("cert-manager.io/v1", "Certificate", "{template: {spec: {}}}"), UnmodelledObject)


@pytest.mark.parametrize(
    ("api_version", "kind", "labels"),
    [
        (
            "batch/v1",
            "Job",
            {"job-name", "batch.kubernetes.io/job-name", "controller-uid", "batch.kubernetes.io/controller-uid"},
        ),
        (
            "apps/v1",
            "StatefulSet",
            {"controller-revision-hash", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"},
        ),
    ],
)
def test_controllers_add_labels(api_version: str, kind: str, labels: set[str]) -> None:
    found = written(api_version, kind)
    assert isinstance(found, Workload)
    assert set(found.added) == labels
    if kind == "Job":
        assert found.added["job-name"] == "x"


def test_service_defaults() -> None:
    plain = service("{ports: [{port: 80}, {port: 81, targetPort: http, nodePort: 0, protocol: UDP}]}")
    first, second = plain.ports
    assert (plain.type, plain.cluster_ip, plain.has_selector) == ("ClusterIP", None, False)
    assert (first.port, first.target_port, first.protocol, first.node_port, first.name) == (80, 80, "TCP", None, None)
    assert (second.target_port, second.protocol, second.node_port) == ("http", "UDP", None)
    assert service("{clusterIPs: [None]}").cluster_ip == "None"
    assert service("{clusterIP: ''}").cluster_ip is None
    assert service("{selector: {}}").has_selector is False
    assert service("{selector: null}").has_selector is False
    assert service("{ports: [{port: 80, targetPort: 0}]}").ports.items[0].target_port == 80


@pytest.mark.parametrize(
    ("written_name", "read"), [("serviceName: db", "db"), ("serviceName: ''", None), ("replicas: 3", None)]
)
def test_a_statefulset_without_a_service_name_names_none(written_name: str, read: str | None) -> None:
    found = written("apps/v1", "StatefulSet", f"{{{written_name}}}")
    assert isinstance(found, StatefulSet)
    assert found.service_name == read
    assert len(list(found.references())) == (read is not None)


def test_both_forms_of_an_ingress_have_the_same_backends() -> None:
    new = ingress(
        "networking.k8s.io/v1",
        "{defaultBackend: {service: {name: a, port: {name: http}}}, rules: [{host: h, http: {paths: "
        "[{path: /, pathType: Exact, backend: {service: {name: b, port: {number: 80}}}}, {backend: {resource: {}}}]}}]}",
    )
    for version in ("extensions/v1beta1", "networking.k8s.io/v1beta1"):
        old = ingress(
            version,
            "{backend: {serviceName: a, servicePort: http}, rules: [{host: h, http: {paths: "
            "[{path: /, pathType: Exact, backend: {serviceName: b, servicePort: 80}}, {backend: {resource: {}}}]}}]}",
        )
        assert [(one.name, one.port) for one in old.backends()] == [("a", "http"), ("b", 80)]
        assert [one.name_path.split(".")[-1] for one in old.backends()] == ["serviceName", "serviceName"]
    assert [(one.name, one.port) for one in new.backends()] == [("a", "http"), ("b", 80)]
    assert [one.port_path for one in new.backends()] == [
        "spec.defaultBackend.service.port.name",
        "spec.rules[0].http.paths[0].backend.service.port.number",
    ]
    assert all(new.holds(one.port_path) and new.holds(one.name_path) for one in new.backends())


def test_lists_are_taken_apart_however_deep() -> None:
    inner = "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Service, metadata: {name: b}, spec: {ports: [{port: 9}]}}]}"
    services = "{apiVersion: v1, kind: ServiceList, items: [{metadata: {name: c}}, {kind: Service, apiVersion: v1, metadata: {name: d}}]}"
    text = f"{{apiVersion: v1, kind: List, items: [{{apiVersion: v1, kind: Service, metadata: {{name: a}}}}, {inner}, {services}, 1, null]}}"
    found = manifest(text).objects
    assert [item.name for item in found] == ["a", "b", "c", "d"]
    assert all(isinstance(item, Service) for item in found)
    nested = found[1]
    span = nested.at("spec.ports[0].port").span
    assert text[span.column - 1 : span.end_column - 1] == "9"
    assert found[2].at("metadata.name").span.column < found[3].at("metadata.name").span.column
    assert text[found[2].at("kind").span.column - 1 :].startswith("metadata: {name: c}")


def test_an_item_of_a_typed_list_may_hold_what_a_template_adds() -> None:
    (item,) = manifest("apiVersion: v1\nkind: ServiceList\nitems:\n- metadata: {name: a}\n  ${X}: y\n").objects
    assert item.identity.root.open


def test_absent_null_and_unknown_are_three_things() -> None:
    absent, null, unknown = (
        service(text) for text in ("{}", "{type: null, clusterIP: null}", "{type: '${T}', clusterIP: '${C}'}")
    )
    assert absent.type == null.type == "ClusterIP"
    assert absent.cluster_ip is None
    assert null.cluster_ip is None
    assert null.holds("spec.clusterIP")
    assert not absent.holds("spec.clusterIP")
    assert isinstance(unknown.type, Unknown)
    assert isinstance(unknown.cluster_ip, Unknown)
    with pytest.raises(TypeError, match="unknown"):
        assert unknown.type == "ClusterIP"


def test_an_absent_namespace_is_one_unknown_for_all() -> None:
    one, two, empty = (
        written("v1", "Service", metadata=text) for text in ("{name: a}", "{name: b}", "{name: c, namespace: ''}")
    )
    assert one.namespace is two.namespace is empty.namespace is NAMESPACE_NOT_SET
    assert one.key.namespace is None
    cluster_wide = written("networking.k8s.io/v1", "IngressClass", metadata="{name: a, namespace: b}")
    assert cluster_wide.namespace is None


def test_another_group_gives_a_kind_of_the_same_name_a_namespace() -> None:
    node = written("v1", "Node", metadata="{name: a, namespace: b}")
    of_longhorn = written("longhorn.io/v1beta2", "Node", metadata="{name: a, namespace: b}")
    assert (node.namespace, of_longhorn.namespace) == (None, "b")


def test_one_placeholder_is_one_unknown_and_others_are_their_own() -> None:
    one, two = service("{clusterIP: '${A}'}"), service("{clusterIP: '${A}', externalName: '<name>'}")
    assert isinstance(one.cluster_ip, Unknown)
    assert one.cluster_ip.same_as(two.cluster_ip)
    assert isinstance(two.external_name, Unknown)
    assert not two.external_name.same_as(service("{externalName: '<name>'}").external_name)


@pytest.mark.parametrize("value", ["80.0", "80"])
def test_a_number_without_a_fraction_is_one(value: str) -> None:
    assert service(f"{{ports: [{{port: {value}}}]}}").ports.items[0].port == 80


@pytest.mark.parametrize(
    "spec",
    [
        "1",
        "[]",
        "text",
        "true",
        "{ports: 1, selector: [], type: {}, clusterIP: 1, clusterIPs: 1, externalIPs: {}}",
        "{ports: [1, null, [], {port: x, targetPort: {}, nodePort: [], protocol: 1, name: 2}], selector: {a: 1, b: {}}}",
    ],
)
def test_what_has_the_wrong_type_is_unknown(spec: str) -> None:
    found = service(spec)
    assert isinstance(found.type, Unknown) or found.type == "ClusterIP"
    assert all(isinstance(value, str | Unknown) for value in found.selector.labels.entries.values())
    assert all(isinstance(port.port, int | Unknown) or port.port is None for port in found.ports)
