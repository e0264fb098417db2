"""Which files form a unit, in the order of the design: configured, closed, kustomizations, guessed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from tests.worlds import whole

from kubeqed.model.units.input import Input, StatedUnit
from kubeqed.model.units.repeats import are_companions
from kubeqed.model.units.unit import UnitOrigin

PRODUCER = "{apiVersion: example.com/v1, kind: Thing, metadata: {name: x}}\n"


_numbers = itertools.count()


def configmap(name: str, value: object = None) -> str:
    """A ConfigMap that no other one is a copy of, unless its value is given."""
    value = next(_numbers) if value is None else value
    return f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}, data: {{a: '{value}'}}}}\n"


def deployment(name: str) -> str:
    template = "{metadata: {labels: {app: a}}, spec: {containers: []}}"
    return f"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {name}}}, spec: {{template: {template}}}}}\n"


def kustomization(*resources: str, **more: str) -> str:
    rest = "".join(f"{key}: {value}\n" for key, value in more.items())
    return f"resources: [{', '.join(resources)}]\n{rest}"


def shape(found: Input) -> dict[str, list[str]]:
    """Root to files."""
    assert len({unit.root for unit in found.units}) == len(found.units)
    return {unit.root: list(unit.files) for unit in found.units}


def test_a_directory_is_one_unit_when_nothing_in_it_repeats() -> None:
    files = {"a/x.yaml": configmap("one"), "a/b/y.yaml": configmap("two")}
    assert shape(whole(files, ["a"])) == {"a": ["a/x.yaml", "a/b/y.yaml"]}


def test_where_only_the_subtree_repeats_a_directory_is_its_own_files() -> None:
    files = {
        "x.yaml": configmap("one"),
        "y.yaml": configmap("two"),
        "b/z.yaml": configmap("one"),
        "b/c/z.yaml": configmap("four"),
        "d/z.yaml": configmap("one"),
    }
    expected = {".": ["x.yaml", "y.yaml"], "b": ["b/z.yaml", "b/c/z.yaml"], "d": ["d/z.yaml"]}
    assert shape(whole(files)) == expected


def test_where_its_own_files_repeat_each_is_alone() -> None:
    files = {"a/x.yaml": configmap("one"), "a/y.yaml": configmap("one"), "a/z.yaml": configmap("two")}
    assert shape(whole(files, ["a"])) == {path: [path] for path in files}


def test_paths_that_are_files_are_their_directories_holding_only_them() -> None:
    """A commit hook passes the changed files: those of one directory belong together."""
    files = {"a/x.yaml": configmap("one"), "a/y.yaml": configmap("two"), "b/z.yaml": configmap("one")}
    assert shape(whole(files, list(files))) == {"a": ["a/x.yaml", "a/y.yaml"], "b": ["b/z.yaml"]}


def test_a_file_of_the_current_directory() -> None:
    assert shape(whole({"x.yaml": configmap("one")}, ["x.yaml"])) == {".": ["x.yaml"]}


@pytest.mark.parametrize("base", ["/srv/repo", "..", "../repo", "repo"])
def test_paths_of_every_sort(base: str) -> None:
    files = {
        f"{base}/x.yaml": configmap("one"),
        f"{base}/b/y.yaml": configmap("one"),
        f"{base}/c/y.yaml": configmap("two"),
    }
    expected = {base: [f"{base}/x.yaml"], f"{base}/b": [f"{base}/b/y.yaml"], f"{base}/c": [f"{base}/c/y.yaml"]}
    assert shape(whole(files, [base])) == expected


def test_several_paths_are_one_input() -> None:
    """As for `kubectl apply -f a -f b`: what holds them is looked at, as if it held nothing else."""
    files = {"k/apps/x.yaml": deployment("web"), "k/policies/y.yaml": configmap("one")}
    other = {"k/z.yaml": configmap("one")}
    expected = [["k/apps/x.yaml", "k/policies/y.yaml"]]
    for roots in (["k/apps", "k/policies"], ["k/policies", "k/apps"], list(files)):
        assert [list(unit.files) for unit in whole(files, roots).units] == expected
    assert shape(whole({**files, **other}, ["k/apps", "k/policies", "k/z.yaml"])) == {
        "k/apps": ["k/apps/x.yaml"],
        "k/policies": ["k/policies/y.yaml"],
        "k": ["k/z.yaml"],
    }


def test_several_paths_that_repeat_are_looked_at_in_turn() -> None:
    files = {"/a/x.yaml": configmap("one"), "/b/c/y.yaml": configmap("one"), "/b/d/z.yaml": configmap("two")}
    assert shape(whole(files, ["/a", "/b/c", "/b/d"])) == {"/a": ["/a/x.yaml"], "/b": ["/b/c/y.yaml", "/b/d/z.yaml"]}


@pytest.mark.parametrize(
    "copy", ["{apiVersion: v1, kind: Namespace, metadata: {name: one, labels: {a: b}}}", configmap("one", "${X}")]
)
def test_namespaces_and_copies_are_not_defined_twice(copy: str) -> None:
    first = "{apiVersion: v1, kind: Namespace, metadata: {name: one}}" if "Namespace" in copy else copy
    files = {"a/x.yaml": first, "b/y.yaml": f"# the same\n{copy}", "b/z.yaml": configmap("two")}
    assert shape(whole(files)) == {".": list(files)}
    assert list(whole({"a/x.yaml": configmap("one", 1), "b/y.yaml": configmap("one", 2)}).units[1].files) == [
        "b/y.yaml"
    ]


def test_a_path_below_another_adds_nothing() -> None:
    files = {"a/x.yaml": configmap("one"), "a/b/y.yaml": configmap("two")}
    assert shape(whole(files, ["a", "a/b"])) == {"a": list(files)}


@pytest.mark.parametrize("paths", [["a/x.yaml", "a"], ["a", "a/x.yaml"], ["a/b", "a"], ["a/x.yaml", "."]])
def test_a_path_inside_another_splits_nothing(paths: list[str]) -> None:
    files = {"a/x.yaml": configmap("one"), "a/y.yaml": configmap("two"), "a/b/z.yaml": configmap("three")}
    found = whole(files, paths)
    assert [list(unit.files) for unit in found.units] == [list(files)]


def test_standard_input_is_a_unit() -> None:
    found = whole({"-": configmap("one")}, ["-"])
    assert [list(unit.files) for unit in found.units] == [["-"]]


def test_stated_units_come_first_and_take_their_files() -> None:
    files = {
        "a/x.yaml": configmap("one"),
        "a/b/kustomization.yaml": kustomization("y.yaml"),
        "a/b/y.yaml": configmap("one"),
    }
    found = whole({**files, "c/z.yaml": configmap("one")}, stated=[StatedUnit(("a",), True)])
    expected = [("a", UnitOrigin.CONFIGURED, True), (".", UnitOrigin.GUESSED, False)]
    assert [(unit.root, unit.found, unit.closed) for unit in found.units] == expected
    assert found.units[0].files == tuple(files)


def closed_world(files: dict[str, str], roots: Sequence[str] = (".",)) -> dict[str, list[str]]:
    """Root to files; all must be closed."""
    found = whole(files, roots, closed=True)
    assert {(unit.found, unit.closed) for unit in found.units} == {(UnitOrigin.CLOSED, True)}
    return shape(found)


def test_the_paths_of_a_closed_world_are_one_cluster() -> None:
    """Kustomizations, directories and files that define nothing twice are put together."""
    files = {
        "a/x.yaml": configmap("one"),
        "a/y.yaml": configmap("two"),
        "b/kustomization.yaml": kustomization("z.yaml"),
        "b/z.yaml": configmap("three"),
        "c/n.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}",
        "d/n.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {a: b}}}",
    }
    paths = [path for path in files if "kustomization" not in path]
    assert closed_world(files) == {".": paths}
    assert closed_world(files, list(files)) == {".": paths}
    named = {path: text for path, text in files.items() if path.startswith("a/")}
    assert closed_world(named, list(named)) == {"a": list(named)}


def test_alternatives_of_a_closed_world_are_clusters_with_what_goes_with_both() -> None:
    files = {
        "base/kustomization.yaml": kustomization("web.yaml"),
        "base/web.yaml": deployment("web"),
        "dev/kustomization.yaml": kustomization("../base"),
        "prod/kustomization.yaml": kustomization("../base"),
        "shared/x.yaml": configmap("one"),
    }
    both = ["base/web.yaml", "shared/x.yaml"]
    assert closed_world(files) == {"dev": both, "prod": both}
    assert not any(unit.variants for unit in whole(files, closed=True).units)  # one object, built twice


def test_what_looks_like_variants_is_named_once() -> None:
    files = {f"{name}/x.yaml": configmap("one") + "---\n" + configmap("two") for name in ("dev", "prod", "test")}
    found = whole(files | {"shared/y.yaml": policy("guard")}, closed=True)
    assert [list(unit.files) for unit in found.units] == [
        [f"{name}/x.yaml", "shared/y.yaml"] for name in ("dev", "prod", "test")
    ]
    ((roots, item, first, objects),) = [variants for unit in found.units for variants in unit.variants]
    assert (roots, item.file, first.file, objects) == (("dev", "prod", "test"), "prod/x.yaml", "dev/x.yaml", 2)
    assert found.units[1].variants


def test_alternatives_go_with_those_of_the_same_name() -> None:
    """Of two things that each have a dev and a prod, dev goes with dev."""
    files = {f"{thing}/{name}/x.yaml": configmap(thing) for thing in ("web", "db") for name in ("dev", "prod")}
    assert closed_world(files) == {
        "web/dev": ["web/dev/x.yaml", "db/dev/x.yaml"],
        "web/prod": ["web/prod/x.yaml", "db/prod/x.yaml"],
    }


def test_a_cluster_that_is_put_together_by_guess_stays_open() -> None:
    files = {path: configmap(path[0]) for path in ("w/one/x.yaml", "w/two/x.yaml", "d/three/x.yaml", "d/four/x.yaml")}
    found = whole(files, closed=True)
    assert not any(unit.closed for unit in found.units)


def test_a_configured_unit_keeps_its_world_beside_a_closed_one() -> None:
    files = {"a/x.yaml": configmap("one"), "b/y.yaml": configmap("two")}
    found = whole(files, stated=[StatedUnit(("a",), False)], closed=True)
    assert [(unit.root, unit.closed) for unit in found.units] == [("a", False), (".", True)]


@pytest.mark.parametrize(
    ("text", "holds_all"),
    [
        (configmap("one"), True),
        (PRODUCER, False),
        ("kind: {", False),
        ("{", True),
        (configmap("'${NAME}'"), False),
        ("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: '${NAME}'}}", True),
        ("{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: c}}", True),
        ("{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: c}}", False),
        ("{apiVersion: apps/v2, kind: Deploymint, metadata: {name: c}}", False),
        ("{apiVersion: skaffold/v4beta11, kind: Config, metadata: {name: c}}", True),
        ("{apiVersion: skaffold/v4beta11, kind: Config, build: {tag: '{{.TAG}}'}}", True),
        ("{apiVersion: v1, kind: Config, clusters: []}", True),
        ("{apiVersion: eksctl.io/v1alpha5, kind: ClusterConfig, metadata: {name: c}}", True),
        ("{apiVersion: kind.x-k8s.io/v1alpha4, kind: Cluster, nodes: []}", True),
        ("{apiVersion: example.com/v1, kind: Thing, metadata: {generateName: c}}", False),
        ("services: {web: {image: 'web:${TAG}'}}", True),
        ("- {run: '${{ github.sha }}'}", True),
        ("'${MANIFEST}'", False),
        ("{apiVersion: v1, kind: '${KIND}', metadata: {name: c}}", False),
    ],
)
def test_a_closed_world_holds_all_but_for_producers(text: str, holds_all: bool) -> None:
    (unit,) = whole({"x.yaml": text}, closed=True).units
    assert unit.holds_all is holds_all


@pytest.mark.parametrize(
    "content",
    [
        kustomization("x.yaml", helmCharts="[{name: redis}]"),
        kustomization("x.yaml", generators="[g.yaml]"),
        kustomization("x.yaml", "https://example.com/base?ref=v1"),
        kustomization("x.yaml", "../absent"),
    ],
)
@pytest.mark.parametrize("closed", [True, False])
def test_charts_generators_and_remote_bases_are_producers(content: str, closed: bool) -> None:
    found = whole({"a/kustomization.yaml": content, "a/x.yaml": configmap("one")}, closed=closed)
    assert [len(unit.producers) for unit in found.units] == [1]
    assert not found.units[0].holds_all


def test_a_chart_below_the_root_is_a_producer() -> None:
    files = {"a/x.yaml": configmap("one"), "b/y.yaml": configmap("one")}
    found = whole(files, charts=["a/chart"])
    assert {unit.root: len(unit.producers) for unit in found.units} == {"a": 1, "b": 0}


NESTED = {
    "base/kustomization.yaml": kustomization("web.yaml", "more"),
    "base/web.yaml": deployment("web"),
    "base/more/kustomization.yml": kustomization("db.yaml"),
    "base/more/db.yaml": deployment("db"),
    "parts/kustomization.yaml": "kind: Component\n" + kustomization("extra.yaml"),
    "parts/extra.yaml": configmap("extra"),
    "prod/kustomization.yaml": "bases: [../base]\ncomponents: [../parts]\npatches: [{path: patch.yaml}]\n",
    "prod/patch.yaml": deployment("web"),
    "test/kustomization.yaml": kustomization("../base") + "patchesStrategicMerge: [patch.yaml, 'a: b\n  c']\n",
    "test/patch.yaml": deployment("web"),
    "loose.yaml": configmap("loose"),
}


def test_kustomizations_that_no_other_names_reach_their_files() -> None:
    found = whole(NESTED)
    assert shape(found) == {
        "prod": ["base/more/db.yaml", "base/web.yaml", "parts/extra.yaml"],
        "test": ["base/more/db.yaml", "base/web.yaml"],
        ".": ["loose.yaml"],
    }
    assert [unit.found for unit in found.units] == [
        UnitOrigin.KUSTOMIZATION,
        UnitOrigin.KUSTOMIZATION,
        UnitOrigin.GUESSED,
    ]
    assert not any(unit.closed or unit.producers for unit in found.units)
    one, two = (set(unit.objects) for unit in found.units[:2])
    assert len(one & two) == 2  # an object reached twice is the same object


def test_a_kustomization_of_the_current_directory_can_be_named() -> None:
    files = {
        "kustomization.yaml": kustomization("web.yaml"),
        "web.yaml": deployment("web"),
        "prod/kustomization.yaml": kustomization(".."),
    }
    found = whole(files)
    assert shape(found) == {"prod": ["web.yaml"]}
    assert not found.units[0].producers


def test_kustomizations_that_name_each_other_are_read_once() -> None:
    files = {
        "a/kustomization.yaml": kustomization("../b", "x.yaml"),
        "b/kustomization.yaml": kustomization("../a", "y.yaml"),
        "a/x.yaml": configmap("one"),
        "b/y.yaml": configmap("two"),
    }
    assert shape(whole(files)) == {"a": ["a/x.yaml", "b/y.yaml"]}


@pytest.mark.parametrize(
    "text", ["resources: web.yaml\n", "resources: [{a: b}, 1, null]\n", "- a\n", "patches: 1\n", "{"]
)
def test_a_malformed_kustomization_raises_nothing(text: str) -> None:
    whole({"a/kustomization.yaml": text, "a/x.yaml": configmap("one")})
    whole({"a/kustomization.yaml": text, "a/x.yaml": configmap("one")}, closed=True)


def test_companions_define_nothing_twice() -> None:
    files = {"a/x.yaml": configmap("one"), "b/y.yaml": configmap("one"), "c/z.yaml": configmap("two")}
    found = whole(files)
    assert {
        unit.root: [other.root for other in found.others(unit) if are_companions(unit, other)] for unit in found.units
    } == {
        "a": ["c"],
        "b": ["c"],
        "c": ["a", "b"],
    }


def test_the_neighbourhood_of_a_unit_without_workloads_is_the_nearest_directory_that_has_some() -> None:
    files = {
        "r/a/svc/x.yaml": configmap("one"),
        "r/a/y.yaml": deployment("near"),
        "r/a/svc2/x.yaml": configmap("one"),
        "r/b/z.yaml": deployment("far"),
        "r/b/x.yaml": configmap("one"),
    }
    found = whole(files, ["r"])
    unit = next(unit for unit in found.units if unit.root == "r/a/svc")
    assert [item.name for item in found.neighbourhood(unit)] == ["near"]
    below = whole(files, ["r/a/svc", "r/b"])
    assert below.neighbourhood(below.units[0]) == ()  # only the given PATHs count
    full = next(unit for unit in found.units if unit.root == "r/b")
    assert [item.name for item in found.neighbourhood(full)] == ["far"]


def policy(name: str, namespace: str | None = "shop") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return (
        f"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: {name}{where}}}, "
        "spec: {podSelector: {}}}\n"
    )


def placed(text: str, namespace: str = "shop") -> str:
    return text.replace("metadata: {name", f"metadata: {{namespace: {namespace}, name", 1)


POLICIES = {"k/policies/p.yaml": policy("guard")}
TWINS = {
    "k/dev/w.yaml": placed(deployment("web")),
    "k/prod/w.yaml": placed(deployment("web")).replace("app: a", "b: c"),
}


def joined(files: dict[str, str]) -> list[tuple[str, list[str]]]:
    """The units to which policies were joined, and where these stand."""
    return [(unit.root, [join.root for join in unit.joins]) for unit in whole(files).units if unit.joins]


def test_a_directory_of_policies_is_joined_to_the_workloads_beside_it() -> None:
    assert joined(POLICIES | TWINS) == [("k/dev, k/policies", ["k/policies"])]
    found = whole(POLICIES | TWINS)
    assert [list(unit.files) for unit in found.units] == [["k/policies/p.yaml", "k/dev/w.yaml"], ["k/prod/w.yaml"]]
    (join,) = found.units[0].joins
    assert join.files == {"k/policies/p.yaml"}
    assert [item.kind for item in found.units[0].without_joins().objects] == ["Deployment"]


def test_all_workloads_beside_that_define_nothing_twice_are_joined() -> None:
    more = {"k/more/w.yaml": deployment("other")}  # without a namespace: one that shares it is enough
    assert joined(POLICIES | TWINS | more) == [("k/dev, k/more, k/policies", ["k/policies"])]
    second = {"k/second/p.yaml": policy("more")}
    assert joined(POLICIES | TWINS | second) == [("k/dev, k/policies, k/second", ["k/policies", "k/second"])]


@pytest.mark.parametrize(
    "policies",
    [
        {"k/policies/p.yaml": policy("guard", "bank")},
        {"k/policies/p.yaml": policy("guard", None)},
        {"k/policies/p.yaml": policy("guard"), "k/policies/w.yaml": deployment("other")},
        {"k/policies/p.yaml": placed(configmap("one"))},
        {"k/deep/p/p.yaml": policy("guard"), "k/deep/q/p.yaml": policy("guard").replace("{}", "{matchLabels: {a: b}}")},
        {"policies/p.yaml": policy("guard")},
    ],
    ids=["other namespace", "no namespace", "workloads of its own", "no policy", "one level", "not beside"],
)
def test_what_is_not_joined(policies: dict[str, str]) -> None:
    assert joined(policies | TWINS) == []


def test_what_is_defined_on_both_sides_is_not_joined() -> None:
    twice = {"k/policies/c.yaml": placed(configmap("one")), "k/dev/c.yaml": placed(configmap("one"))}
    assert joined(POLICIES | TWINS | twice) == [("k/policies, k/prod", ["k/policies"])]
    copies = {"k/policies/c.yaml": placed(configmap("one", 1)), "k/dev/c.yaml": placed(configmap("one", 1))}
    assert joined(POLICIES | TWINS | copies) == [("k/dev, k/policies", ["k/policies"])]


def test_the_order_is_that_of_the_paths() -> None:
    again = {"a/w.yaml": placed(deployment("web")), "a/p/p.yaml": policy("guard"), **TWINS}
    assert joined(again) == []
