"""Texts that stand in for files."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubeqed.sources import collect, read, with_buffers


def test_a_text_stands_in_for_its_file_while_inside(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("disk")
    with with_buffers({str(file): b"editor"}):
        assert read(str(file)).content == b"editor"
        assert [found.content for found in collect([str(tmp_path)], None).files] == [b"editor"]
    assert read(str(file)).content == b"disk"


def test_a_relative_path_names_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with with_buffers({str(tmp_path / "new.yaml"): b"editor"}):
        assert read("new.yaml").content == b"editor"
        assert [found.path for found in collect(["new.yaml"], None).files] == ["new.yaml"]


def test_other_files_are_read_from_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("disk")
    with with_buffers({str(tmp_path / "b.yaml"): b"editor"}):
        assert read(str(tmp_path / "a.yaml")).content == b"disk"
        with pytest.raises(OSError, match="No such file"):
            read(str(tmp_path / "c.yaml"))
