"""`kubeqed diff` compares what absent pods may do as well as what present ones do, in every format."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.reach.samples import app, deployment, ingress, pod, policy, service

from kubeqed.app.diff import FAILING, VersionComparison
from kubeqed.cli import main
from kubeqed.reach.algebra.ports import ALL
from kubeqed.reach.peer import WHOLE_CLUSTER, Group
from kubeqed.reach.query.diff.difference import ComparisonLimits, Difference
from kubeqed.reach.query.diff.shifts import Shift
from kubeqed.reach.query.placed import PlacementCondition
from kubeqed.report.schema.diff import DiffReport

ANY = "any pod in any namespace"
FROM_API = {"from": [{"podSelector": app("api")}]}
FROM_WEB = {"from": [{"podSelector": app("web")}], "ports": [{"port": 5432}]}
FROM_ALL = {"from": [{"namespaceSelector": {}}], "ports": [{"port": 5432}]}
DNS = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"port": 53, "protocol": "UDP"}],
}


def _guard(**spec: Any) -> str:
    return policy("guard", podSelector=app("db"), **spec)


@pytest.fixture
def diff(tmp_path: Path) -> Any:
    """Compares two texts with the options."""

    def run(old: str, new: str, *options: str) -> Result:
        paths = []
        for name, text in (("old", old), ("new", new)):
            paths.append(tmp_path / f"{name}.yaml")
            paths[-1].write_text(text)
        return CliRunner().invoke(main, ["diff", *map(str, paths), *options])

    return run


OLD = deployment("db") + _guard(ingress=[FROM_WEB])
WIDE = deployment("db") + _guard(ingress=[FROM_ALL])


def test_a_policy_that_lets_everybody_in_is_an_addition(diff: Any) -> None:
    first, cause = diff(OLD, WIDE).stdout.splitlines()
    assert first == f"+ {ANY} => shop/db[Deployment] : TCP 5432"
    assert "new.yaml:4: NetworkPolicy shop/guard, ingress[0], allows TCP 5432" in cause
    assert diff(OLD, WIDE, "--fail-on", "added").exit_code == 1
    assert diff(OLD, WIDE, "--fail-on", "removed").exit_code == 0
    assert diff(WIDE, OLD).stdout.startswith(f"- {ANY} => shop/db[Deployment] : TCP 5432\n")
    assert diff(WIDE, OLD, "--fail-on", "removed").exit_code == 1


@pytest.mark.parametrize("form", [["--expand"], *[["--output-format", one] for one in ("markdown", "sarif", "json")]])
def test_every_format_says_it(diff: Any, form: list[str]) -> None:
    text = diff(OLD, WIDE, *form).stdout
    assert ("entire-cluster" if form == ["--expand"] else ANY) in text
    if form[-1] == "json":
        found = DiffReport.model_validate_json(text)
        assert found.model_dump(mode="json", by_alias=True, exclude_unset=True) == json.loads(text)
        (change,) = json.loads(text)["changes"]
        assert json.loads(text)["groups"][change["source"][0]] == [
            {"absent": ANY, "namespaceSelector": {}, "podSelector": {}}
        ]


def test_a_lost_way_to_an_absent_pod_is_a_removal(diff: Any) -> None:
    egress = {"policyTypes": ["Ingress", "Egress"]}
    old, new = (deployment("db") + _guard(egress=rules, **egress) for rules in ([DNS], []))
    shown = diff(old, new).stdout
    assert shown.startswith("- shop/db[Deployment] => pods with k8s-app=kube-dns of kube-system : UDP 53\n")
    assert "old.yaml:4: NetworkPolicy shop/guard, egress[0], allows UDP 53" in shown
    assert diff(old, new, "--fail-on", "removed").exit_code == 1


def test_policies_without_pods_are_compared_too(diff: Any) -> None:
    found = diff(_guard(ingress=[FROM_WEB]), _guard(ingress=[FROM_ALL]), "--fail-on", "added")
    assert found.stdout.startswith(f"+ {ANY} => pods with app=db of shop : TCP 5432\n")
    assert found.exit_code == 1


def test_a_port_that_only_an_absent_pod_can_resolve_has_its_name(diff: Any) -> None:
    egress = {"policyTypes": ["Egress"]}
    named = {**DNS, "ports": [{"port": "dns", "protocol": "UDP"}]}
    old, new = (deployment("db") + _guard(egress=[rule], **egress) for rule in (DNS, named))
    assert "k8s-app=kube-dns of kube-system : UDP 53 -> UDP dns\n" in diff(old, new).stdout
    (change,) = json.loads(diff(old, new, "--output-format", "json").stdout)["changes"]
    assert (change["old"], change["new"]) == ({"UDP": [[53, 53]]}, {})
    assert change["names"] == {"old": [], "new": [{"protocol": "UDP", "name": "dns"}]}


def test_a_label_of_a_namespace_concerns_absent_pods_too(diff: Any) -> None:
    space = '---\n{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "far", "labels": {"env": "ENV"}}}\n'
    rule = {"from": [{"namespaceSelector": {"matchLabels": {"env": "prod"}}}]}
    text = space + deployment("db") + _guard(ingress=[rule])
    found = diff(text.replace("ENV", "dev"), text.replace("ENV", "prod"))
    first, *causes = found.stdout.splitlines()
    assert first == "+ any pod of far => shop/db[Deployment] : All Connections"
    assert any("labels of Namespace far changed: -env=dev +env=prod" in cause for cause in causes)


@pytest.mark.parametrize("change", [("[0]", "[0]"), ('"name": "guard"', '"name": "other"')])
def test_what_is_the_same_for_all_is_no_difference(diff: Any, change: tuple[str, str]) -> None:
    found = diff(WIDE, WIDE.replace(*change), "--fail-on", "any")
    assert (found.stdout, found.exit_code) == ("", 0)


CILIUM = """\
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: other, namespace: shop, labels: {version: "1"}}
spec:
  endpointSelector: {matchLabels: {app: db}}
  ingress: [{fromEndpoints: [{matchLabels: {role: front}}]}]
"""
KAFKA = (
    "---\napiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: events, namespace: shop}\nspec: {size: 1}\n"
)
FORMS = [["--output-format", one] for one in ("text", "markdown", "json", "sarif")] + [["--expand"]]


@pytest.mark.parametrize("form", FORMS)
def test_a_policy_that_is_not_modelled_is_said_to_differ(diff: Any, form: list[str]) -> None:
    said = "CiliumNetworkPolicy shop/other VERB: what it opens or closes is not compared"
    for old, new, verb in (
        (OLD, OLD + CILIUM, "added"),
        (OLD + CILIUM, OLD, "removed"),
        (OLD + CILIUM, OLD + CILIUM.replace("front", "back"), "changed"),
    ):
        assert said.replace("VERB", verb) in diff(old, new, *form).stdout, verb


@pytest.mark.parametrize("fail_on", ["added", "removed", "changed", "any"])
def test_whether_it_opens_anything_is_not_decided(diff: Any, fail_on: str) -> None:
    found = diff(OLD + CILIUM, OLD + CILIUM.replace("front", "back"), "--fail-on", fail_on)
    assert found.exit_code == 3
    assert "--fail-on cannot be decided" in found.stderr
    assert "as before" not in found.stderr
    assert diff(OLD + CILIUM, OLD + CILIUM.replace("front", "back")).exit_code == 0


TOLERANT = "".join(
    policy(f"p{at}", podSelector={"matchExpressions": [{"key": key, "operator": "Exists"}]}, ingress=[FROM_WEB])
    for at, key in enumerate("abcd")
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("limit", "value"), [("MOST_PODS", 6), ("MOST_CUBES", 6)])
def test_too_many_ways_to_treat_a_pod_are_said_not_to_be_compared(
    diff: Any, form: list[str], limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = TOLERANT.replace('"port": 5432', '"protocol": "TCP", "port": 5432')
    narrower = TOLERANT.replace('"port": 5432', '"port": 5432, "endPort": 5433', 1)
    assert "incomplete" not in diff(TOLERANT, narrower, *form).stdout
    monkeypatch.setattr(f"kubeqed.reach.query.diff.versions.{limit}", value)
    found = diff(TOLERANT, narrower, *form)
    assert "incomplete: policies may treat pods that no manifest shows in too many ways" in found.stdout
    assert "as before" not in found.stderr
    decided = diff(TOLERANT, narrower, *form, "--fail-on", "removed")
    assert (decided.exit_code, "--fail-on cannot be decided" in decided.stderr) == (3, True)
    assert "is as before" in diff(TOLERANT, same, *form, "--fail-on", "any").stderr


def test_what_is_only_said_about_a_policy_is_no_difference(diff: Any) -> None:
    found = diff(OLD + CILIUM, OLD + CILIUM.replace('"1"', '"2"'), "--fail-on", "any")
    assert (found.stdout, found.exit_code) == ("", 0)
    assert "who can reach whom is as before" in found.stderr


@pytest.mark.parametrize("form", FORMS)
def test_a_policy_that_is_the_same_may_decide_otherwise_about_a_change(diff: Any, form: list[str]) -> None:
    assert "unless CiliumNetworkPolicy shop/other says otherwise" in diff(OLD + CILIUM, WIDE + CILIUM, *form).stdout
    elsewhere = CILIUM.replace("namespace: shop", "namespace: far")
    assert "otherwise" not in diff(OLD + elsewhere, WIDE + elsewhere, *form).stdout


@pytest.mark.parametrize(
    ("label", "said"),
    [("role", True), ("version", False), ("rol", False)],
)
def test_a_label_that_such_a_policy_looks_at_is_said_to_differ(diff: Any, label: str, said: bool) -> None:
    old, new = (
        deployment("db").replace('"labels": {', f'"labels": {{"{label}": "{value}", ') + CILIUM for value in ("a", "b")
    )
    text = diff(old, new).stdout
    assert (f"Deployment shop/db has another {label}: what CiliumNetworkPolicy shop/other says" in text) is said
    assert bool(text) is said


def test_what_creates_objects_is_said_to_differ_and_fails_nothing(diff: Any) -> None:
    found = diff(OLD + KAFKA, OLD + KAFKA.replace("1}", "2}"), "--fail-on", "any")
    assert found.stdout.startswith(
        "? Kafka shop/events changed: the pods, Services and policies that it may create are not"
    )
    assert found.exit_code == 0
    assert diff(OLD + KAFKA, OLD + KAFKA).stdout == ""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("broken", ["old", "new", "both"])
def test_what_cannot_be_read_is_not_as_before(diff: Any, form: list[str], broken: str) -> None:
    more = "---\n{not: [yaml\n"
    found = diff(OLD + more * (broken != "new"), OLD + more * (broken != "old"), *form)
    assert found.exit_code == 3
    assert "a document that cannot be read" in found.stdout
    assert "may hold or create what is not compared" in found.stdout
    assert "as before" not in found.stderr


def test_a_review_hides_no_names(diff: Any) -> None:
    pods = "".join(deployment(f"app{number:02}") for number in range(30))
    old, new = pods + policy("p", policyTypes=["Ingress"]), pods
    assert all(f"app{number:02}" in diff(old, new, "--output-format", "markdown").stdout for number in range(30))
    few = "".join(deployment(f"app{number:02}") for number in range(20))
    text = diff(few + policy("p", policyTypes=["Ingress"]), few).stdout
    assert all(f"app{number:02}" in text for number in range(20))


def _tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def _compare(old: Path, new: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["diff", str(old), str(new), *options])


CLASH = {"a/app.yaml": OLD, "b/app.yaml": OLD.replace('"shop"', '"far"'), "c/app.yaml": OLD}


@pytest.mark.parametrize("moved", [{"a": "x"}, {"a": "x", "b": "y", "c": "z"}, {"a": "b", "b": "c", "c": "a"}])
def test_units_that_moved_are_compared_with_what_they_were(tmp_path: Path, moved: dict[str, str]) -> None:
    old = _tree(tmp_path / "old", CLASH)
    new = _tree(tmp_path / "new", {f"{moved.get(name[0], name[0])}/app.yaml": text for name, text in CLASH.items()})
    found = _compare(old, new, "--fail-on", "any")
    if "a" not in moved.values():
        assert (found.stdout, found.exit_code) == ("", 0), found.stderr
    assert found.exception is None or isinstance(found.exception, SystemExit)


def test_a_kustomization_and_what_it_does_not_name_are_two_units(tmp_path: Path) -> None:
    files = {
        "kustomization.yaml": "resources: [app.yaml]\n",
        "app.yaml": OLD,
        "rest.yaml": OLD.replace('"shop"', '"far"'),
    }
    old, new = _tree(tmp_path / "old", files), _tree(tmp_path / "new", {**files, "app.yaml": WIDE})
    assert f"+ {ANY} => shop/db[Deployment] : TCP 5432" in _compare(old, new).stdout
    rest = _tree(tmp_path / "rest", {**files, "rest.yaml": WIDE.replace('"shop"', '"far"')})
    assert f"+ {ANY} => far/db[Deployment] : TCP 5432" in _compare(old, rest).stdout


def test_a_unit_whose_objects_were_in_another_one_is_said_to_be_new(tmp_path: Path) -> None:
    old = _tree(tmp_path / "old", {"a/app.yaml": OLD, "b/other.yaml": deployment("web")})
    new = _tree(tmp_path / "new", {"a/app.yaml": OLD, "b/other.yaml": deployment("web"), "b/again.yaml": WIDE})
    found = _compare(old, new).stdout
    assert "note: OLD holds the objects of unit " in found
    assert "its connections count as added" in found


def test_a_revision_alone_is_compared_with_the_working_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tree(tmp_path, {"deploy/app.yaml": OLD, "other/app.yaml": OLD.replace('"shop"', '"far"')})
    git = ["git", "-c", "user.email=a@example.com", "-c", "user.name=a", "-C", str(tmp_path)]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *arguments], check=True)
    (tmp_path / "deploy" / "app.yaml").write_text(WIDE)
    for here, revision, seen in ((".", "HEAD", True), (".", "HEAD:deploy", True), ("other", "HEAD", False)):
        monkeypatch.chdir(tmp_path / here)
        found = CliRunner().invoke(main, ["diff", revision])
        assert (f"{ANY} => shop/db[Deployment] : TCP 5432" in found.stdout) is seen, (revision, found.output)
    monkeypatch.chdir(tmp_path)
    refused = CliRunner().invoke(main, ["diff", "deploy"])
    assert refused.exit_code == 2
    assert "is a path: name NEW too" in refused.stderr


def test_sarif_links_to_a_page_that_explains(diff: Any) -> None:
    page = (Path(__file__).parents[2] / "docs" / "diff.md").read_text()
    logs = [diff(*pair, "--output-format", "sarif").stdout for pair in ((OLD, WIDE + CILIUM), (WIDE, OLD))]
    rules = [rule for log in logs for rule in json.loads(log)["runs"][0]["tool"]["driver"]["rules"]]
    assert {rule["id"] for rule in rules} >= {"connection-added", "connection-removed", "connection-undecided"}
    for rule in rules:
        assert rule["helpUri"].endswith(f"/docs/diff.md#{rule['id']}")
        assert f"\n## {rule['id']}\n" in page


ENTERED = pod("web") + service("web", 80, 8080) + policy("in", ingress=[FROM_API])


@pytest.mark.parametrize("form", FORMS)
def test_what_a_new_entry_opens_depends_on_where_the_controller_runs(diff: Any, form: list[str]) -> None:
    for old, new in ((ENTERED, ENTERED + ingress("in", "web", 80)), (ENTERED + ingress("in", "web", 80), ENTERED)):
        found = diff(old, new, *form).stdout
        assert "depends: {ingress-controller}" in found
        assert "if it runs as pods with app=api of shop" in found
    assert diff(ENTERED, ENTERED + ingress("in", "web", 80), "--fail-on", "added").exit_code == 1


HOST = pod("web", host_network=True) + pod("api")


@pytest.mark.parametrize("form", FORMS)
def test_what_is_open_about_a_changed_peer_is_said(diff: Any, form: list[str]) -> None:
    closed = policy("p", podSelector=app("api"), policyTypes=["Egress"])
    found = diff(HOST, HOST + closed, *form)
    assert "no policy is taken to govern them" in found.stdout
    assert "no policy is taken to govern them" not in found.stderr
    assert "no policy is taken to govern them" not in diff(HOST, HOST, *form).stdout


@pytest.mark.parametrize("form", FORMS)
def test_what_a_connection_depends_on_now_is_said_of_the_pod_itself(diff: Any, form: list[str]) -> None:
    open_to_all = pod("web") + service("web", 80, 8080) + ingress("in", "web", 80)
    guarded = open_to_all + policy("in", ingress=[FROM_API])
    pair = "depends: {ingress-controller} => shop/web[Pod] : TCP 8080, "
    condition = "if it runs as pods with app=api of shop"
    closes, opens = (
        diff(*pair, *form).stdout.replace("\\", "")  # of Markdown
        for pair in ((open_to_all, guarded), (guarded, open_to_all))
    )
    assert f"{pair}now {condition}; before wherever it runs" in closes
    assert f"{pair}now wherever it runs; before {condition}" in opens
    assert "now" not in diff(guarded, guarded, *form).stdout


def test_a_connection_that_depends_no_more_counts_as_added() -> None:
    condition = PlacementCondition((WHOLE_CLUSTER,), (), (), (), ())
    wide, narrow = (Shift(Group(), ALL, condition, opens=opens) for opens in (True, False))
    for shift, failing in ((wide, {"added", "changed", "any"}), (narrow, {"removed", "changed", "any"})):
        compared = VersionComparison(Difference(limits=(ComparisonLimits(shifts=(shift,)),)), [])
        assert not compared.difference.is_as_before
        assert {one for one in FAILING if compared.fails(one)} == failing
