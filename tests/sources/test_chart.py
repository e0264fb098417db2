"""Helm charts: templates and values are no manifests, and a chart is known to be there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kubeqed.sources import collect

Put = Callable[..., None]


@pytest.fixture(autouse=True)
def shop(put: Put) -> None:
    put("k/shop/Chart.yaml", "k/shop/values.yaml", "k/shop/values-prod.yaml", "k/shop/values.schema.json")
    put("k/shop/crds/crd.yaml", "k/shop/templates/web.yaml", "k/shop/templates/deep/db.yaml")
    put("k/shop/templates/_helpers.tpl", "k/shop/charts/db/Chart.yaml", "k/shop/charts/db/templates/db.yaml")
    put("k/plain/templates/web.yaml", "k/plain/values.yaml")


def test_a_chart_below_a_path() -> None:
    collected = collect(["k"], None)
    assert [file.path for file in collected.files] == [
        "k/plain/values.yaml",
        "k/plain/templates/web.yaml",
        "k/shop/crds/crd.yaml",
    ]
    assert collected.charts == ("k/shop", "k/shop/charts/db")
    assert collected.chart_templates == (
        "k/shop/charts/db/templates/db.yaml",
        "k/shop/templates/web.yaml",
        "k/shop/templates/deep/db.yaml",
    )


@pytest.mark.parametrize(("path", "chart"), [("k/shop", "k/shop"), ("k/shop/", "k/shop"), ("./k/shop", "./k/shop")])
def test_a_path_that_is_a_chart(path: str, chart: str) -> None:
    collected = collect([path], None)
    assert collected.charts == (chart, f"{chart}/charts/db")
    assert [file.path for file in collected.files] == [f"{chart}/crds/crd.yaml"]


def test_the_current_directory_is_a_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("k/shop")
    assert collect(["."], None).charts == (".", "charts/db")


@pytest.mark.parametrize("path", ["k/shop/templates", "k/shop/templates/deep"])
def test_a_path_inside_templates(path: str, monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    collected = collect([path], None)
    assert (collected.files, collected.charts) == ((), ("k/shop",))
    assert f"{path}/db.yaml".replace("deep/deep", "deep") in collected.chart_templates or path.endswith("templates")
    monkeypatch.chdir(here / path)
    assert len(collect(["."], None).chart_templates) == len(collected.chart_templates) > 0


def test_files_of_a_chart_given_one_by_one_as_a_commit_hook_does() -> None:
    collected = collect(
        ["k/shop/Chart.yaml", "k/shop/values.yaml", "k/shop/templates/web.yaml", "k/shop/crds/crd.yaml"], None
    )
    assert [file.path for file in collected.files] == ["k/shop/crds/crd.yaml"]
    assert collected.chart_templates == ("k/shop/templates/web.yaml",)
    assert collected.charts == ("k/shop",)


def test_files_that_only_look_like_a_charts() -> None:
    given = ["k/plain/values.yaml", "k/plain/templates/web.yaml"]
    assert [file.path for file in collect(given, None).files] == given


def test_a_template_reached_twice_counts_once() -> None:
    assert collect(["k/shop/templates/web.yaml", "k"], None).chart_templates.count("k/shop/templates/web.yaml") == 1


def test_a_chart_given_twice_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert collect(["k/plain", "k/shop/Chart.yaml", "k/shop"], None).charts == ("k/shop", "k/shop/charts/db")
    monkeypatch.chdir("k/shop")
    assert collect(["Chart.yaml"], None).charts == (".",)


def test_a_template_of_a_description_is_no_chart(put: Put) -> None:
    put("k/shop/templates/Chart.yaml")
    assert collect(["k"], None).charts == ("k/shop", "k/shop/charts/db")


@pytest.mark.parametrize(
    ("named", "chart"),
    [
        ("k/shop/templates/web.yaml", "k/shop"),
        ("k/shop/templates/deep/db.yaml", "k/shop"),
        ("k/shop/templates/_helpers.tpl", "k/shop"),
        ("k/shop/values.yaml", "k/shop"),
        ("k/shop/charts/db/templates/db.yaml", "k/shop"),
        ("k/shop/templates/deep", "k/shop"),
        ("k/plain/values.yaml", None),
        ("k/plain/templates/web.yaml", None),
    ],
)
def test_a_part_of_a_chart_names_the_chart(named: str, chart: str | None) -> None:
    collected = collect([named], None)
    assert collected.charts == ((chart,) if chart else ())
    assert [collected.paths.real(one) for one in collected.charts] == [
        os.path.realpath(one) for one in collected.charts
    ]
