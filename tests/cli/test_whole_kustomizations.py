"""A kustomization is read whole wherever it stands in the repository, if it reaches what the PATHs name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.cli.running import git
from tests.cli.test_whole_units import DENY, INGRESS, POD, SERVICE

from kubeqed.cli import main
from kubeqed.sources import around

PATCH = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: a}]}\n"
FILES = {
    "apps/web/base/kustomization.yaml": "resources: [web.yaml, ingress.yaml]\n",
    "apps/web/base/web.yaml": POD.format("web"),
    "apps/web/base/ingress.yaml": INGRESS.format("front"),
    "apps/web/services/kustomization.yml": "resources:\n- front.yaml  # the Service\n",
    "apps/web/services/front.yaml": SERVICE.format("front", "web"),
    "clusters/prod/kustomization.yaml": "resources:\n- ../../apps/web/base\n- '../../apps/web/services'\n- db.yaml\npatches:\n- path: change.yaml\n",
    "clusters/prod/db.yaml": POD.format("db") + "---\n" + DENY,
    "clusters/prod/change.yaml": PATCH,
    "clusters/prod/lost.yaml": INGRESS.format("unlisted"),
    "clusters/other/kustomization.yaml": "# ../../apps/web/base\nnamePrefix: ../../apps/web/base\nresources: [pod.yaml]\n",
    "clusters/other/pod.yaml": POD.format("other"),
    "plain/pod.yaml": POD.format("plain"),
}
PARTS = sorted({"/".join(name.split("/")[:count]) for name in FILES for count in range(1, name.count("/") + 2)})


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    git(tmp_path, "init", "-q")
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def findings(*arguments: str) -> list[dict[str, object]]:
    value = json.loads(call("check", *arguments, "--show", "all", "--output-format", "json").stdout)
    found: list[dict[str, object]] = value["findings"]
    return found


def rules(*arguments: str) -> list[object]:
    return [item["rule"] for item in findings(*arguments)]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_the_findings_of_the_whole_that_concern_it(part: str) -> None:
    Path("apps/web/base/web.yaml").write_text(POD.format("web") + "---\n" + SERVICE.format("none", "none"))
    Path("clusters/prod/lost.yaml").unlink()  # a guess, and those are about the PATHs

    def concerns(finding: dict[str, object]) -> bool:
        places = [finding, *finding["related"]]  # type: ignore[misc]  # a list of places in every report
        return any(f"{place['file']}/".startswith(f"{part}/") for place in places)

    whole = findings(".")
    assert whole
    assert findings(part) == [finding for finding in whole if concerns(finding)]


def test_what_another_directory_adds_is_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rules("apps/web/base") == []
    monkeypatch.chdir("apps/web/base")
    assert rules() == rules("ingress.yaml") == []
    git(Path("../../.."), "init", "-q", "--bare", ".git")
    Path("../../../clusters/prod/kustomization.yaml").write_text("resources: [../../apps/web/base]\n")
    assert rules() == ["backend-service-missing"]


def test_a_patch_is_a_patch_wherever_it_is_named() -> None:
    assert "value-rejected" not in rules("clusters/prod/change.yaml")
    Path("clusters/prod/kustomization.yaml").unlink()
    assert "value-rejected" in rules("clusters/prod/change.yaml")


def test_reach_and_why_know_the_policies_of_the_unit() -> None:
    lines = call("reach", "apps/web/base", "--expand").stdout.splitlines()
    assert any(line.startswith("shop/web[Pod] =>") for line in lines)
    assert not any("=> shop/db[Pod]" in line for line in lines)
    assert "denied" in call("why", "web", "db", "apps/web/base").stdout


def test_diff_reads_both_versions_so(repository: Path) -> None:
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "a")
    assert not call("diff", "git:HEAD", "apps/web/base").stdout
    Path("clusters/prod/db.yaml").write_text(POD.format("db"))
    assert "=> shop/db[Pod]" in call("diff", "git:HEAD", "apps/web/base").stdout
    git(repository, "commit", "-q", "-a", "-m", "b")
    assert "=> shop/db[Pod]" in call("diff", "git:HEAD~1:apps/web/base", "git:HEAD:apps/web/base").stdout


def test_only_units_of_the_paths_are_spoken_of() -> None:
    listed = call("units", "apps/web/base").stdout
    assert "clusters/prod: open" in listed
    assert "clusters/other" not in listed
    assert "plain" not in listed


def test_a_unit_above_the_paths_is_called_by_its_own_place(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("apps/kustomization.yaml").write_text("resources: [web/base, web/services]\n")
    Path("clusters/prod/kustomization.yaml").unlink()
    assert "apps: open" in call("units", "apps/web/base").stdout
    monkeypatch.chdir("apps/web/base")
    assert "web.yaml: the kustomization in ../../ reaches it" in call("units", "--within", ".", "web.yaml").stdout


def test_a_closed_world_is_what_the_paths_say() -> None:
    assert "backend-service-missing" in rules("apps/web/base", "--world", "closed")
    assert "backend-service-missing" not in rules("clusters/prod/kustomization.yaml", "--world", "closed")


@pytest.mark.parametrize("why", ["ignored", "excluded", "no repository"])
def test_what_the_repository_does_not_hold_is_not_read(repository: Path, why: str) -> None:
    if why == "ignored":
        Path(".gitignore").write_text("clusters/\n")
    if why == "no repository":
        (repository / ".git").rename("git")
    options = ("--exclude", "clusters/prod") if why == "excluded" else ()
    assert rules("apps/web/base", *options) == ["backend-service-missing"]


def test_a_link_out_of_the_repository_is_not_followed(tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "front.yaml").write_text(SERVICE.format("front", "web"))
    Path("apps/web/services/front.yaml").unlink()
    Path("apps/web/services/front.yaml").symlink_to(outside / "front.yaml")
    (found,) = findings("apps/web/base")
    assert found["certainty"] == "possible"


@pytest.mark.parametrize("limit", ["MOST_FILES", "MOST_DIRECTORIES"])
def test_what_is_too_much_is_said_and_leaves_the_unit_open(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(around, limit, 1)
    done = call("check", "apps/web/base")
    assert (
        "apps/web/base is judged without what kustomizations elsewhere add to it: there are more than 1" in done.stderr
    )
    assert "what stands around apps/web/base, which was not read" in call("units", "apps/web/base").stdout
