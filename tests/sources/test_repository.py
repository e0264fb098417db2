"""Looking upwards from a PATH."""

import os
from collections.abc import Callable
from pathlib import Path

from kubeqed.sources import find_upwards, repository_root

Put = Callable[..., None]


def test_the_root_is_the_nearest_directory_with_git(put: Put, here: Path) -> None:
    put("repo/.git/HEAD", "repo/k/a.yaml", "repo/sub/.git", "repo/sub/b.yaml")
    assert (
        repository_root("repo") == repository_root("repo/k/a.yaml") == repository_root("repo/k") == str(here / "repo")
    )
    assert repository_root("repo/sub/b.yaml") == str(here / "repo/sub")
    assert repository_root(str(here)) is None
    assert repository_root("repo/k/gone.yaml") == str(here / "repo")


def test_a_file_is_found_between_the_path_and_the_root(put: Put, here: Path) -> None:
    put("repo/.git/HEAD", "repo/k/deep/a.yaml", "repo/kubeqed.yaml", "kubeqed.yaml")
    assert find_upwards("repo/k/deep/a.yaml", "kubeqed.yaml") == "repo/kubeqed.yaml"
    put("repo/k/kubeqed.yaml")
    assert find_upwards("./repo/k/deep", "kubeqed.yaml") == "repo/k/kubeqed.yaml"
    assert find_upwards(str(here / "repo/k/deep"), "kubeqed.yaml") == str(here / "repo/k/kubeqed.yaml")


def test_nothing_above_the_root_is_looked_at(put: Put) -> None:
    put("repo/.git/HEAD", "repo/k/a.yaml", "kubeqed.yaml")
    assert find_upwards("repo/k", "kubeqed.yaml") is None


def test_without_a_repository_only_the_directory_counts(put: Put) -> None:
    put("k/a.yaml", "kubeqed.yaml")
    assert find_upwards("k/a.yaml", "kubeqed.yaml") is None
    put("k/kubeqed.yaml")
    assert find_upwards("k/a.yaml", "kubeqed.yaml") == "k/kubeqed.yaml"


def test_from_inside_the_repository(put: Put, here: Path) -> None:
    put("repo/.git/HEAD", "repo/kubeqed.yaml", "repo/k/a.yaml")
    os.chdir("repo/k")
    assert find_upwards(".", "kubeqed.yaml") == find_upwards("-", "kubeqed.yaml") == "../kubeqed.yaml"


def test_a_directory_of_the_name_is_no_file(put: Put) -> None:
    put("k/kubeqed.yaml/a.yaml")
    assert find_upwards("k", "kubeqed.yaml") is None
