"""`kubeqed reach`, `why` and `diff` as people call them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.running import environment, run

MANIFESTS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: web}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec:
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: db}]}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 5432, targetPort: 15432}]}
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: guard, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: web}}
    ports:
    - {protocol: TCP, port: 5432}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    directory = tmp_path / "shop"
    directory.mkdir()
    (directory / "apps.yaml").write_text(MANIFESTS)
    (directory / "policy.yaml").write_text(POLICY)
    return directory


def test_the_list_by_groups(shop: Path) -> None:
    found = run("reach", shop)
    assert found.exit_code == 0, found.stderr
    assert found.stdout.splitlines() == [
        "shop/db[Deployment], 0.0.0.0/0 => shop/web[Deployment] : All Connections",
        "shop/db[Deployment], shop/web[Deployment] => 0.0.0.0/0 : All Connections",
        "shop/web[Deployment] => shop/db[Deployment] : TCP 5432",
    ]


def test_the_list_by_pairs_is_in_the_grammar_of_netpol_analyzer(shop: Path) -> None:
    lines = run("reach", shop, "--expand", "--namespace", "shop", "--port", "tcp/5432").stdout.splitlines()
    assert "shop/web[Deployment] => shop/db[Deployment] : TCP 5432" in lines
    assert "0.0.0.0-255.255.255.255[External] => shop/web[Deployment] : TCP 5432" in lines
    assert lines == sorted(lines)


def test_filters_leave_what_was_asked_for(shop: Path) -> None:
    assert run("reach", shop, "--from", "web", "--to", "shop/db").stdout.splitlines() == [
        "shop/web[Deployment] => shop/db[Deployment] : TCP 5432"
    ]
    assert run("reach", shop, "--from", "external", "--to", "db").stdout == ""
    assert run("reach", shop, "--port", "udp/53", "--to", "db").stdout == ""


def test_a_name_that_means_nobody_is_a_mistake(shop: Path) -> None:
    found = run("reach", shop, "--from", "wbe")
    assert found.exit_code == 2
    assert "wbe" in found.stderr


def test_json_names_every_group_once_and_holds_the_same_pairs(shop: Path) -> None:
    value = json.loads(run("reach", shop, "--output-format", "json").stdout)
    assert value["version"] == 1
    pairs = {
        (json.dumps(source), json.dumps(target)): one["allow"]
        for one in value["connections"]
        for group in one["source"]
        for source in value["groups"][group]
        for other in one["destination"]
        for target in value["groups"][other]
    }
    web, db = ({"kind": "Deployment", "namespace": "shop", "name": name} for name in ("web", "db"))
    assert pairs[json.dumps(web), json.dumps(db)] == {"TCP": [[5432, 5432]]}
    assert pairs[json.dumps({"cidr": "0.0.0.0/0"}), json.dumps(web)]["UDP"] == [[1, 65535]]
    assert len({json.dumps(members) for members in value["groups"].values()}) == len(value["groups"])
    used = dict.fromkeys(name for one in value["connections"] for name in (*one["source"], *one["destination"]))
    assert list(used) == list(value["groups"])
    assert value["units"] == [{"root": str(shop), "world": "open", "stated": False, "objects": 4}]


def test_several_units_are_answered_one_by_one(shop: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    twin.mkdir()
    (twin / "apps.yaml").write_text(MANIFESTS.replace("image: web", "image: web:2"))
    found = run("reach", tmp_path)
    assert [line for line in found.stdout.splitlines() if line.startswith("# ")] == [f"# {shop}", f"# {twin}"]
    value = json.loads(run("reach", tmp_path, "--output-format", "json").stdout)
    assert {one["unit"] for one in value["connections"]} == {str(shop), str(twin)}
    assert run("diff", tmp_path, tmp_path).stdout == ""
    (twin / "policy.yaml").write_text(POLICY)
    other = tmp_path.parent / f"{tmp_path.name}-new"
    shutil.copytree(tmp_path, other)
    (other / "twin" / "policy.yaml").unlink()
    assert run("diff", tmp_path, other).stdout.startswith(
        "~ shop/web[Deployment] => shop/db[Deployment] : TCP 5432 -> All"
    )


def test_a_namespace_without_workloads_is_a_mistake(shop: Path) -> None:
    assert run("reach", shop, "--namespace", "shpo").exit_code == 2


@pytest.mark.parametrize(("form", "start"), [("mermaid", "%%{init"), ("dot", "digraph reach {\n")])
def test_drawings_hold_every_connection(shop: Path, form: str, start: str) -> None:
    found = run("reach", shop, "--output-format", form).stdout
    assert found.startswith(start)
    assert "web[Deployment]" in found
    assert re.search(r"w2 ->.*TCP 5432|w2 -->.*TCP 5432.* w1", found)


def test_exposure_follows_the_list(shop: Path) -> None:
    found = run("reach", shop, "--exposure").stdout
    assert "shop/web[Deployment] is not protected on Ingress" in found
    value = json.loads(run("reach", shop, "--exposure", "--output-format", "json").stdout)
    assert {one["peer"] for one in value["exposure"]} == {"entire-cluster"}


def test_a_broken_document_is_said_and_loses_nothing_else(shop: Path) -> None:
    (shop / "broken.yaml").write_text("kind: [\n")
    (shop / "compose.yaml").write_text("services: [\n")
    found = run("reach", shop)
    assert found.exit_code == 3
    assert "broken.yaml" in found.stderr
    assert "compose.yaml" not in found.stderr
    assert "shop/web[Deployment] => shop/db[Deployment] : TCP 5432" in found.stdout


def test_why_names_the_rule_its_line_and_an_edit(shop: Path) -> None:
    found = run("why", "web", "db", shop, "--port", "80").stdout
    assert "shop/web[Deployment] => shop/db[Deployment] on TCP 80: denied" in found
    assert (
        f"NetworkPolicy shop/guard, ingress[0], matches shop/web[Deployment], but not these ports  {shop}/policy.yaml:7"
        in found
    )
    added = f"add this to spec.ingress[0].ports of NetworkPolicy shop/guard, {shop}/policy.yaml:9"
    assert f"  to allow: {added}:\n      - {{protocol: TCP, port: 80}}\n" in found


def test_why_goes_through_a_service(shop: Path) -> None:
    (shop / "apps.yaml").write_text(
        MANIFESTS.replace("name: db, namespace: shop}\nspec: {sel", "name: pg, namespace: shop}\nspec: {sel")
    )
    found = run("why", "web", "pg", shop, "--port", "5432").stdout
    assert "Service shop/pg leads to shop/db[Deployment] on TCP 15432" in found
    assert "on TCP 15432: denied" in found


def test_the_edit_that_why_offers_changes_the_answer(shop: Path) -> None:
    removed = f"  to forbid: remove spec.ingress[0] of NetworkPolicy shop/guard, {shop}/policy.yaml:7\n"
    assert removed in run("why", "web", "db", shop).stdout
    text = POLICY.replace(
        "    - {protocol: TCP, port: 5432}", "    - {protocol: TCP, port: 5432}\n    - {protocol: TCP, port: 80}"
    )
    (shop / "policy.yaml").write_text(text)
    assert "on TCP 80: allowed" in run("why", "web", "db", shop, "--port", "80").stdout


def test_no_difference_prints_nothing(shop: Path) -> None:
    for form in ("text", "markdown", "json"):
        found = run("diff", shop, shop, "--output-format", form, "--fail-on", "any")
        assert (found.exit_code, found.stdout) == (0, "")


def test_no_difference_is_a_sarif_log_without_results(shop: Path) -> None:
    """Code scanning refuses an empty file, and an empty list closes the alerts of the last upload."""
    found = run("diff", shop, shop, "--output-format", "sarif", "--fail-on", "any")
    (only,) = json.loads(found.stdout)["runs"]
    assert (found.exit_code, only["results"], only["automationDetails"]) == (0, [], {"id": "kubeqed/diff/"})


def test_a_difference_names_the_line_that_caused_it_and_fails_when_asked(shop: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    (new / "apps.yaml").write_text(MANIFESTS)
    (new / "policy.yaml").write_text(POLICY.replace("port: 5432}", "port: 5432}\n    - {protocol: UDP, port: 53}"))
    found = run("diff", shop, new, "--fail-on", "added")
    assert found.exit_code == 1
    assert found.stdout.splitlines() == [
        "~ shop/web[Deployment] => shop/db[Deployment] : TCP 5432 -> TCP 5432,UDP 53",
        f"    + {new}/policy.yaml:7: NetworkPolicy shop/guard, ingress[0], allows UDP 53",
    ]
    assert run("diff", new, shop, "--fail-on", "added").exit_code == 0
    assert run("diff", new, shop, "--fail-on", "removed").exit_code == 1
    log = json.loads(run("diff", shop, new, "--output-format", "sarif").stdout)
    (result,) = log["runs"][0]["results"]
    assert result["ruleId"] == "connection-changed"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 7
    (change,) = json.loads(run("diff", shop, new, "--output-format", "json").stdout)["changes"]
    assert (change["type"], change["new"]) == ("changed", {"TCP": [[5432, 5432]], "UDP": [[53, 53]]})
    rows = run("diff", shop, new, "--output-format", "markdown").stdout.splitlines()[2:]
    assert rows[:2] == ["| | Connection |", "| --- | --- |"]
    assert rows[2].startswith(
        r"| changed | shop/web\[Deployment\] → shop/db\[Deployment\] : TCP 5432 -\> TCP 5432,UDP 53<br><sub>"
    )
    expanded = run("diff", shop, new, "--expand").stdout
    assert (
        "diff-type: changed, source: shop/web[Deployment], destination: shop/db[Deployment], ref1: TCP 5432, "
        in expanded
    )


def test_a_git_revision_is_a_version(shop: Path) -> None:
    git = ["git", "-c", "user.email=a@example.com", "-c", "user.name=a", "-C", str(shop)]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *arguments], check=True)
    assert run("diff", "HEAD", ".", cwd=shop).stdout == ""
    (shop / "policy.yaml").unlink()
    found = run("diff", "HEAD", ".", cwd=shop).stdout
    assert "~ shop/web[Deployment] => shop/db[Deployment] : TCP 5432 -> All Connections" in found
    assert "- HEAD:policy.yaml:" in found
    assert run("diff", "nothing", ".", cwd=shop).exit_code == 2


def test_a_path_that_a_revision_does_not_have_yet_is_added(shop: Path) -> None:
    git = ["git", "-c", "user.email=a@example.com", "-c", "user.name=a", "-C", str(shop)]
    for arguments in (["init", "-q"], ["commit", "--allow-empty", "-qm", "one"]):
        subprocess.run([*git, *arguments], check=True)
    (shop / "apps").mkdir()
    (shop / "apps" / "web.yaml").write_text(MANIFESTS)
    added = run("diff", "HEAD", "apps", cwd=shop)
    assert added.exit_code == 0
    assert "+ apps/web.yaml:10: workload shop/db[Deployment] added" in added.stdout
    assert run("diff", "HEAD", "nowhere", cwd=shop).exit_code == 2


def test_a_directory_of_a_git_revision_is_a_version(shop: Path) -> None:
    git = ["git", "-c", "user.email=a@example.com", "-c", "user.name=a", "-C", str(shop.parent)]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *arguments], check=True)
    (shop / "policy.yaml").unlink()
    subprocess.run([*git, "commit", "-qam", "two"], check=True)
    found = run("diff", "HEAD~1:shop", "HEAD:shop", cwd=shop.parent)
    assert "~ shop/web[Deployment] => shop/db[Deployment] : TCP 5432 -> All Connections" in found.stdout, found.stderr
    assert run("diff", "HEAD:nothing", "HEAD", cwd=shop.parent).exit_code == 2


def test_check_does_not_load_the_graph_of_reach(shop: Path) -> None:
    program = "import sys, kubeqed.cli.commands.check; print([m for m in sys.modules if 'reach' in m.split('.')])"
    found = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert found.stdout.strip() == "[]", found.stderr


def test_why_says_that_the_peers_are_in_different_units(tmp_path: Path) -> None:
    web, db, _ = MANIFESTS.split("---\n")
    for folder, text in (("a", web), ("b", db)):
        twin = f"---\n{{apiVersion: v1, kind: ConfigMap, metadata: {{name: twin}}, data: {{folder: {folder}}}}}\n"
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "app.yaml").write_text(text + twin)
    found = run("why", "web", "db", tmp_path / "a", tmp_path / "b")
    assert found.exit_code == 2
    assert "no unit holds both 'web' and 'db'" in found.stderr


def test_units_without_workloads_are_counted_and_their_policies_named(tmp_path: Path) -> None:
    policy = POLICY.replace("shop", "bank")
    for name, text in {"a": MANIFESTS, "b": policy, "c": policy.replace("5432", "80")}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "all.yaml").write_text(text)
    found = run("reach", tmp_path)
    assert "note: 2 of 3 units have no workloads" in found.stderr
    assert [line for line in found.stdout.splitlines() if line.startswith("# ")] == [
        f"# {tmp_path}/{name}" for name in "abc"
    ]
    assert found.stdout.count("has no workloads; its only policy was applied to nothing") == 2


def _locations(*arguments: object, cwd: Path | None = None) -> list[tuple[str, int, bool]]:
    """Of each result of `diff`: the file, the line, and whether the line is hashed."""
    log = json.loads(run("diff", *arguments, "--output-format", "sarif", cwd=cwd).stdout)
    return [
        (
            one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            one["locations"][0]["physicalLocation"]["region"]["startLine"],
            "primaryLocationLineHash" in one["partialFingerprints"],
        )
        for one in log["runs"][0]["results"]
    ]


def test_sarif_of_revisions_points_into_the_working_tree(shop: Path) -> None:
    git = ["git", "-c", "user.email=a@example.com", "-c", "user.name=a", "-C", str(shop)]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *arguments], check=True)
    (shop / "policy.yaml").write_text(POLICY.replace("5432", "5433"))
    subprocess.run([*git, "commit", "-qam", "two"], check=True)
    assert _locations("HEAD~1", "HEAD", cwd=shop) == [("policy.yaml", 7, True)]
    (shop / "policy.yaml").unlink()  # what is left of the connection is its destination
    assert set(_locations("HEAD", ".", cwd=shop)) == {("apps.yaml", 10, True)}


def test_a_label_that_changed_is_the_cause(shop: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    shutil.copytree(shop, new)
    (new / "apps.yaml").write_text(MANIFESTS.replace("labels: {app: web}", "labels: {app: www}"))
    found = run("diff", shop, new).stdout.splitlines()
    assert found[1] == (f"    + {new}/apps.yaml:6: labels of Deployment shop/web changed: -app=web +app=www")
    assert _locations(shop, new) == [(f"file://{new}/apps.yaml", 6, True)]


def test_a_directory_that_was_renamed_is_no_difference(shop: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for root, names in ((old, ("a", "b")), (new, ("a", "c"))):
        for name in names:
            shutil.copytree(shop, root / name)
    assert run("diff", old, new).stdout == ""


@pytest.mark.parametrize(("old", "new"), [("nothing", "."), (".", "nothing/at/all"), ("HEAD:nothing", ".")])
def test_a_side_that_is_not_there_is_a_mistake(shop: Path, old: str, new: str) -> None:
    found = run("diff", old, new, cwd=shop)
    assert (found.exit_code, found.stdout) == (2, "")
    assert "is neither a path nor a git revision" in found.stderr


def test_that_nothing_is_allowed_is_said(tmp_path: Path) -> None:
    deny = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny}, spec: {podSelector: {}, policyTypes: [Ingress, Egress]}}"
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: c, image: web}]}}"
    (tmp_path / "all.yaml").write_text(f"{deny}\n---\n{pod}\n")
    done = run("reach", "all.yaml", cwd=tmp_path)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "note: no connection is allowed\n")
