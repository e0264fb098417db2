"""A Service that selects nothing: near misses, orphan pairs and excuses, as the table of the design has them."""

from __future__ import annotations

import pytest
from tests.worlds import whole

from kubeqed.model.cluster import Cluster
from kubeqed.model.kinds.service import Service
from kubeqed.resolve import Resolver
from kubeqed.resolve.missing.pods import explain_missing_pods
from kubeqed.resolve.missing.reference import MissingReference

PRODUCER = "{apiVersion: example.com/v1, kind: Thing, metadata: {name: x}}\n---\n"
SHOP, OPS = ", namespace: shop", ", namespace: ops"


def service(selector: str, name: str = "front", namespace: str = "") -> str:
    return f"{{apiVersion: v1, kind: Service, metadata: {{name: {name}{namespace}}}, spec: {{selector: {{{selector}}}}}}}\n---\n"


def deployment(labels: str, name: str = "back", namespace: str = "", own: str = "") -> str:
    return (
        f"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {name}{namespace}, labels: {{{own}}}}}, "
        f"spec: {{template: {{metadata: {{labels: {{{labels}}}}}, spec: {{containers: []}}}}}}}}\n---\n"
    )


TWIN = "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: twin}}, data: {{a: '{}'}}}}\n---\n"


def missing_in(files: dict[str, str] | str, unit: str = "", name: str = "front") -> MissingReference:
    found = whole({"x.yaml": files} if isinstance(files, str) else files)
    within = next(one for one in found.units if one.root.endswith(unit))
    graph = Resolver(within, found, Cluster())
    (one,) = [item for item in within.of(Service) if item.name == name]
    assert not graph.list_selected(one)
    return explain_missing_pods(graph, one)


def shown(missing: MissingReference) -> tuple[str | None, str] | None:
    found = missing.candidate
    return (str(found.object.name), found.path) if found else None


@pytest.mark.parametrize(
    ("selector", "labels", "path"),
    [
        ("app: sample-apps", "app: sample-app", "spec.template.metadata.labels.app"),
        ("app: front_end", "app: front-end", "spec.template.metadata.labels.app"),
        ("app: Web", "app: web", "spec.template.metadata.labels.app"),
        ("app: web, tier: backends", "app: web, tier: backend", "spec.template.metadata.labels.tier"),
        ("apps: web", "app: web", "spec.template.metadata.labels.app"),
        ("app_name: web", "app-name: web", "spec.template.metadata.labels.app-name"),
    ],
)
@pytest.mark.parametrize("extra", ["", PRODUCER])
def test_a_slip_is_a_near_miss_whatever_else_produces(selector: str, labels: str, path: str, extra: str) -> None:
    missing = missing_in(service(selector) + deployment(labels) + deployment("other: pod", "other") + extra)
    assert shown(missing) == ("back", path)
    assert missing.is_likely_a_mistake


@pytest.mark.parametrize(
    ("selector", "labels"),
    [
        ("app: web-1", "app: web-2"),  # other digits
        ("app: web", "app: web-canary"),  # a common prefix
        ("app: web", "name: web"),  # the same value under another key
        ("app: sample-apps, tier: bakend", "app: sample-app, tier: backend"),  # two slips
    ],
)
def test_what_is_not_near(selector: str, labels: str) -> None:
    assert shown(missing_in(service(selector) + deployment(labels) + PRODUCER)) is None


def test_labels_on_the_workload_itself() -> None:
    text = service("app: web") + deployment("tier: front", own="app: web")
    assert shown(missing_in(text + PRODUCER)) == ("back", "metadata.labels")
    other = service("app: web") + deployment("app: other", own="app: web")
    assert shown(missing_in(other + PRODUCER)) is None  # another value under the same key
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: back, labels: {tier: front}}, spec: {containers: []}}\n---\n"
    assert shown(missing_in(service("app: web") + pod + PRODUCER)) is None


def test_a_workload_that_a_service_selects_is_no_candidate() -> None:
    text = service("app: sample-apps") + deployment("app: sample-app") + PRODUCER
    assert shown(missing_in(text)) is not None
    assert shown(missing_in(text + service("app: sample-app", "second"))) is None


def test_the_exact_label_anywhere_in_the_input_makes_no_near_miss() -> None:
    one = service("app: sample-apps") + deployment("app: sample-app") + PRODUCER
    two = deployment("app: sample-apps", "back") + PRODUCER
    assert shown(missing_in({"a/x.yaml": one, "b/y.yaml": two}, "a")) is None


def test_another_namespace() -> None:
    text = service("app: web", namespace=SHOP) + deployment("app: web", namespace=OPS)
    assert shown(missing_in(text)) == ("back", "metadata.namespace")
    assert shown(missing_in(text + PRODUCER)) is None
    claimed = text + service("app: web", "second", OPS)
    assert shown(missing_in(claimed)) is None
    one_is_absent = service("app: web-x", namespace=SHOP) + deployment("app: web-x")
    within = whole({"x.yaml": one_is_absent})
    graph = Resolver(within.units[0], within, Cluster())
    assert explain_missing_pods(graph, within.units[0].of(Service)[0]).candidate is None


@pytest.mark.parametrize(
    ("name", "workload"), [("web", "web"), ("web-svc", "web"), ("web", "web-deployment"), ("web-service", "web-deploy")]
)
def test_a_namesake_is_an_orphan_pair(name: str, workload: str) -> None:
    text = service("app: ex", name) + deployment("role: worker", workload)
    assert shown(missing_in(text, name=name)) == (workload, "spec.template.metadata.labels")
    apart = {"a.yaml": service("app: ex", name) + PRODUCER, "b.yaml": deployment("role: worker", workload)}
    assert shown(missing_in(apart, name=name)) is None  # another file, and something that makes pods
    assert shown(missing_in({"a.yaml": text + PRODUCER}, name=name)) is not None
    assert shown(missing_in(text + service("role: worker", "second"), name=name)) is None  # claimed


@pytest.mark.parametrize(("place", "paired"), [("a/", True), ("b/", True), ("", True), ("b/c/", False)])
def test_an_orphan_pair_of_a_guessed_unit_stands_close_together(place: str, paired: bool) -> None:
    for workload in ("web", "back-web"):  # the first one a namesake
        apart = {"a/a.yaml": service("app: ex", "web"), f"{place}b.yaml": deployment("app: why", workload)}
        assert (shown(missing_in(apart, name="web")) is not None) is paired
    near = {"a/a.yaml": service("app: sample-app"), f"{place}b.yaml": deployment("app: sample-apps")}
    assert shown(missing_in(near)) is not None


def test_an_orphan_pair_of_two_files_shares_a_word_of_its_names() -> None:
    alone = deployment("app: why", "back")
    assert shown(missing_in({"a/a.yaml": service("app: ex", "web"), "a/b.yaml": alone}, name="web")) is None
    assert shown(missing_in({"a/a.yaml": service("app: ex", "web") + alone}, name="web")) is not None


def test_a_lone_pair_shares_its_keys() -> None:
    text = service("app: ex") + deployment("app: why")
    assert shown(missing_in(text)) == ("back", "spec.template.metadata.labels")
    assert shown(missing_in(text + PRODUCER)) is None
    assert shown(missing_in(text + deployment("app: zed", "third"))) is None  # two targets
    assert shown(missing_in(text + service("app: queue", "second"))) is None  # two that dangle
    assert shown(missing_in(service("app: ex, tier: t") + deployment("app: why"))) is None  # not all keys
    assert shown(missing_in(text + service("app: queue", "second", SHOP))) is not None


def test_a_service_beside_its_workloads_looks_in_the_nearest_enclosing_directory() -> None:
    """A unit without workloads; the directory above repeats an object, so that its files are units of their own."""
    files = {
        "shop/a/service.yaml": service("app: sample-apps"),
        "shop/b/deployment.yaml": deployment("app: sample-app") + PRODUCER,
        "shop/c/deployment.yaml": deployment("app: sample-app", own="other: x") + PRODUCER,
        "ops/deployment.yaml": deployment("app: sample-app", "far"),
    }
    missing = missing_in(files, "shop/a")
    assert shown(missing) == ("back", "spec.template.metadata.labels.app")
    without = {name: text for name, text in files.items() if not name.startswith("shop/c")}
    nothing = {"shop/a/service.yaml": service("app: sample-apps")}
    assert shown(missing_in(nothing)) is None
    assert without


def test_the_same_service_with_pods_in_another_unit_is_excused() -> None:
    one = service("app: sample-apps") + deployment("app: sample-app")
    files = {"a/x.yaml": one, "b/x.yaml": service("app: sample-apps") + deployment("app: sample-apps", "third")}
    files = {path: text + TWIN.format(path) for path, text in files.items()}
    missing = missing_in(files, "a")
    assert missing.candidate is None or missing.excused


def test_pods_in_a_companion_excuse() -> None:
    one = service("app: ex") + deployment("role: worker", "front")
    files = {"a/x.yaml": one + TWIN.format(1), "b/y.yaml": TWIN.format(2), "c/z.yaml": deployment("app: ex", "far")}
    missing = missing_in(files, "a")
    assert missing.candidate is not None
    assert missing.excused
    assert not missing_in({key: text for key, text in files.items() if key[0] != "c"}, "a").excused


def test_a_selector_that_nobody_sees_in_full_is_no_near_miss() -> None:
    graph_text = service("app: sample-apps") + deployment("app: sample-app")
    templated = graph_text.replace("{app: sample-apps}", "'${SELECTOR}'")
    found = whole({"x.yaml": templated})
    (one,) = found.units[0].of(Service)
    assert explain_missing_pods(Resolver(found.units[0], found, Cluster()), one).candidate is None
