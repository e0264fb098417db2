"""A name that resolves to nothing: near misses, orphan pairs and excuses, as the table of the design has them."""

from __future__ import annotations

import pytest
from tests.worlds import whole

from kubeqed.model.cluster import Cluster
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.statefulset import StatefulSet
from kubeqed.model.units.input import Input
from kubeqed.model.units.repeats import are_companions
from kubeqed.resolve import Resolver
from kubeqed.resolve.missing.name import explain_missing_name
from kubeqed.resolve.missing.reference import MissingReference

SERVICE = "{{apiVersion: v1, kind: Service, metadata: {{name: {}{}}}, spec: {{selector: {{app: {}}}}}}}\n---\n"
INGRESS = (
    "{{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: {}{}}}, "
    "spec: {{defaultBackend: {{service: {{name: {}, port: {{number: 80}}}}}}}}}}\n---\n"
)
STATEFULSET = (
    "{{apiVersion: apps/v1, kind: StatefulSet, metadata: {{name: {}{}}}, "
    "spec: {{serviceName: {}, template: {{metadata: {{labels: {{app: {}}}}}, spec: {{containers: []}}}}}}}}\n---\n"
)
PRODUCER = "{apiVersion: example.com/v1, kind: Thing, metadata: {name: x}}\n---\n"
SHOP, OPS = ", namespace: shop", ", namespace: ops"


def service(name: str, namespace: str = "", app: str = "none") -> str:
    return SERVICE.format(name, namespace, app)


def ingress(backend: str, namespace: str = "", name: str = "entry") -> str:
    return INGRESS.format(name, namespace, backend)


def statefulset(governed_by: str, namespace: str = "", app: str = "db") -> str:
    return STATEFULSET.format("db", namespace, governed_by, app)


def missing_in(files: dict[str, str] | str, unit: str = "", name: str = "entry") -> MissingReference:
    """What is said of the reference of an object, in the first unit whose root is or ends in `unit`."""
    found: Input = whole({"x.yaml": files} if isinstance(files, str) else files)
    within = next(one for one in found.units if one.root.endswith(unit))
    graph = Resolver(within, found, Cluster())
    (source,) = [item for item in within.objects if item.name == name and any(item.references())]
    (reference,) = source.references()
    assert not any(graph.named(reference.target, reference.namespace, reference.name))
    return explain_missing_name(graph, reference)


def candidate(missing: MissingReference) -> Object | None:
    return missing.candidate.object if missing.candidate else None


@pytest.mark.parametrize("name", ["cinamon-service", "cinnamonservice", "Cinnamon-service", "cinnamon-services"])
@pytest.mark.parametrize("extra", ["", PRODUCER])
def test_a_slip_is_a_near_miss_whatever_else_produces(name: str, extra: str) -> None:
    missing = missing_in(ingress("cinnamon-service") + service(name) + service("other") + service("third") + extra)
    assert missing.is_likely_a_mistake
    found = candidate(missing)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("name", ["cinnamon-service2", "cinnamon", "cinnamon-service-canary", "pepper-service"])
def test_what_differs_by_more_is_not_near(name: str) -> None:
    more = service("other") + service("third")
    assert candidate(missing_in(ingress("cinnamon-service") + service(name) + more)) is None


def test_a_slip_in_another_namespace_is_not_near() -> None:
    assert (
        candidate(
            missing_in(ingress("frontend", SHOP) + service("fronted", OPS) + service("a", SHOP) + service("b", SHOP))
        )
        is None
    )


def test_absent_and_explicit_namespaces_are_never_called_different() -> None:
    text = ingress("frontend") + service("fronted", SHOP) + service("a") + service("b")
    assert candidate(missing_in(text)) is None


def test_what_another_reference_names_is_no_candidate() -> None:
    text = ingress("frontend") + service("fronted") + service("a") + service("b")
    assert candidate(missing_in(text)) is not None
    assert candidate(missing_in(text + ingress("fronted", name="second"))) is None


def test_the_exact_name_anywhere_in_the_input_makes_no_near_miss() -> None:
    text = ingress("frontend", SHOP) + service("fronted", SHOP) + service("a", SHOP) + service("b", SHOP)
    assert candidate(missing_in({"a/x.yaml": text}, "")) is not None
    elsewhere = {"a/x.yaml": text + service("twin", OPS), "b/y.yaml": service("frontend") + service("twin", OPS, "x")}
    assert candidate(missing_in(elsewhere, "a")) is None


@pytest.mark.parametrize(
    ("other", "extra", "found"),
    [
        (OPS, "", True),
        (OPS, PRODUCER, False),
        (OPS, ingress("frontend", OPS, name="second"), False),  # it has a reference of its own
    ],
)
def test_the_right_name_in_another_namespace(other: str, extra: str, found: bool) -> None:
    missing = missing_in(ingress("frontend", SHOP) + service("frontend", other) + extra)
    assert (candidate(missing) is not None) is found
    assert missing.is_likely_a_mistake is found


def test_the_one_service_that_nothing_names_is_an_orphan_pair() -> None:
    text = ingress("web") + service("portal")
    assert candidate(missing_in(text)) is not None
    assert candidate(missing_in(text + PRODUCER)) is None
    assert candidate(missing_in(text.replace("spec: {selector", "spec: {type: LoadBalancer, selector"))) is None
    assert candidate(missing_in(text.replace("spec: {selector", "spec: {type: NodePort, selector"))) is not None
    assert candidate(missing_in(text + service("second"))) is None  # not the only one
    assert candidate(missing_in(text + ingress("lost", name="second"))) is None  # not the only dangling reference
    assert candidate(missing_in(text + ingress("web", name="second"))) is not None  # the same one twice
    assert candidate(missing_in(text + ingress("lost", SHOP, name="second"))) is not None  # in another namespace
    assert (
        candidate(missing_in(text + ingress("portal", SHOP, name="second"))) is None
    )  # which may be that of the Service


def test_a_governing_service_may_have_another_that_selects_the_pods() -> None:
    text = statefulset("db-headless") + service("postgres", app="db")
    missing = missing_in(text, name="db")
    assert missing.is_likely_a_mistake
    assert candidate(missing_in(text + PRODUCER, name="db")) is None
    assert candidate(missing_in(statefulset("db-headless") + service("postgres", app="web"), name="db")) is None


def test_a_reference_that_resolves_in_another_unit_is_excused() -> None:
    """Two variants of one set of objects: the same Ingress, and the Service only in one of them."""
    base = ingress("frontend") + service("fronted") + service("a") + service("b")
    files = {"one/x.yaml": base, "two/x.yaml": ingress("frontend") + service("a", app="x") + service("frontend")}
    missing = missing_in(files, "one")
    assert not missing.is_likely_a_mistake


def test_a_companion_that_holds_the_object_excuses() -> None:
    """Units that define nothing twice may share a cluster."""
    text = ingress("frontend", SHOP) + service("frontend", OPS) + service("twin")
    twin = {"b/y.yaml": service("twin", app="other") + service("frontend", SHOP)}
    alternative = missing_in({"a/x.yaml": text, **twin}, "a")
    assert candidate(alternative) is not None
    assert not alternative.excused
    files = {"a/x.yaml": text, **twin, "c/z.yaml": service("frontend", SHOP)}
    found = whole(files)
    first = next(unit for unit in found.units if unit.root == "a")
    companions = [unit.root for unit in found.others(first) if are_companions(first, unit)]
    assert companions == ["c"]
    assert missing_in(files, "a").excused


def test_producers_are_named() -> None:
    (producer,) = missing_in(ingress("frontend") + service("other") + PRODUCER).producers
    assert producer.text == "Thing x"


def test_the_statefulset_of_the_examples() -> None:
    found = whole({"x.yaml": statefulset("sample-svc") + service("sample-service", app="db")})
    (unit,) = found.units
    assert [item.service_name for item in unit.of(StatefulSet)] == ["sample-svc"]


PLACES = [
    ("a/x.yaml", "a/y.yaml", True),
    ("a/x.yaml", "y.yaml", True),
    ("x.yaml", "a/y.yaml", True),
    ("a/b/x.yaml", "a/c/y.yaml", True),
    ("a/b/x.yaml", "y.yaml", False),
    ("a/x.yaml", "b/c/y.yaml", False),
    ("a/b/x.yaml", "c/d/y.yaml", False),
]


@pytest.mark.parametrize(("one", "other", "paired"), PLACES)
def test_an_orphan_pair_of_a_guessed_unit_stands_close_together(one: str, other: str, paired: bool) -> None:
    files = {one: ingress("portal"), other: service("web", app="none")}
    assert (candidate(missing_in(files)) is not None) is paired
    governed = {one: statefulset("lost", app="db"), other: service("web", app="db")}
    assert (candidate(missing_in(governed, name="db")) is not None) is paired
    kustomized = {**files, "kustomization.yaml": f"resources: [{one}, {other}]"}
    assert candidate(missing_in(kustomized)) is not None  # stated
    near = {one: ingress("cinnamon"), other: service("cinamon")}
    assert candidate(missing_in(near)) is not None  # a near miss, wherever it stands
