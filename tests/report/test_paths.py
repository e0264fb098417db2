"""File names relative to the root of the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubeqed.report.paths import from_root, shown_path

if TYPE_CHECKING:
    from pathlib import Path


def test_a_root_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real" / "x.yaml").touch()
    assert from_root(str(tmp_path / "link" / "x.yaml"), str(tmp_path / "real")) == "x.yaml"
    assert from_root(str(tmp_path / "real" / "x.yaml"), str(tmp_path / "link")) == "x.yaml"


def test_outside(tmp_path: Path) -> None:
    outside = str(tmp_path / "x.yaml")
    root = str(tmp_path / "repository")
    assert from_root(outside, root) is None
    assert shown_path(outside, root) == outside
