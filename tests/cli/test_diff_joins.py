"""What a guess joins in one version is joined in the other too, and `diff` says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.cli.test_units import APPS, GUARD, VARIANT, put

from kubeqed.cli import main

OTHER = {name: text.replace("namespace: shop", "namespace: other") for name, text in GUARD.items()}
JOINED = "policies/ joined to ./new/apps/ by guess"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def below(directory: str, *trees: dict[str, str]) -> None:
    put({f"{directory}/{name}": text for tree in trees for name, text in tree.items()})


def call(old: str, new: str, *options: str) -> Result:
    return CliRunner().invoke(main, ["diff", f"./{old}", f"./{new}", *options])


def test_a_policy_that_moves_to_the_namespace_of_the_pods() -> None:
    below("old", APPS, VARIANT, OTHER)
    below("new", APPS, VARIANT, GUARD)
    opened, closed = call("old", "new").stdout, call("new", "old").stdout
    assert "~ shop/web[Deployment], any pod of shop => shop/db[Deployment] : All Connections -> TCP 80" in opened
    assert "~ shop/web[Deployment], any pod of shop => shop/db[Deployment] : TCP 80 -> All Connections" in closed
    assert "count as" not in opened + closed  # no unit is without its counterpart
    assert f"./new/{JOINED}; state it" in opened


def test_a_policy_that_is_new() -> None:
    below("old", APPS, VARIANT)
    below("new", APPS, VARIANT, GUARD)
    text = call("old", "new").stdout
    assert "shop/db[Deployment] : All Connections -> TCP 80" in text
    assert f"./new/{JOINED}: OLD does not hold it; state it" in text


@pytest.mark.parametrize("form", ["text", "markdown", "json", "sarif"])
def test_every_format_says_what_was_joined(form: str) -> None:
    below("old", APPS, VARIANT, OTHER)
    below("new", APPS, VARIANT, GUARD)
    assert f"./new/{JOINED}" in call("old", "new", "--output-format", form).stdout


def test_nothing_changed() -> None:
    below("old", APPS, VARIANT, GUARD)
    below("new", APPS, VARIANT, GUARD)
    done = call("old", "new")
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"note: ./new/{JOINED}" in done.stderr


def test_what_excludes_each_other_is_not_joined() -> None:
    below("old", APPS, VARIANT, OTHER, {"policies/web.yaml": APPS["apps/web.yaml"].replace("web:1", "web:9")})
    below("new", APPS, VARIANT, GUARD)
    assert call("old", "new").exit_code == 0


def test_joins_of_one_name_at_different_places_are_two() -> None:
    for version, team in (("old", "a"), ("new", "b")):
        below(version, *({f"{team}/{name}": text for name, text in tree.items()} for tree in (APPS, VARIANT, GUARD)))
    text = call("old", "new").stdout + call("old", "new").stderr
    assert "./new/b/policies/ joined to ./new/b/apps/ by guess: OLD does not hold it" in text
    assert "./old/a/policies/ joined to ./old/a/apps/ by guess: NEW does not hold it" in text
