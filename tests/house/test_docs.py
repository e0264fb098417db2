"""The pages under docs/ name modules, files and pages that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kubeqed.config import load
from kubeqed.sources import SourceFile

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "analyzer" / "kubeqed"
ROOMS = {path.stem for path in PACKAGE.iterdir() if path.name != "__pycache__"}
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
OF_THE_HOUSE = ("architecture.md", "words.md")
FOR_USERS = [page for page in (ROOT / "docs").glob("*.md") if page.name not in OF_THE_HOUSE] + [ROOT / "README.md"]
each_page = pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])


def modules_named(text: str) -> list[str]:
    """Paths below the package: of `rule.run`, `kubeqed.rule.run` and `rule/run.py` that is `rule/run`."""
    names = re.findall(r"`(?:kubeqed\.)?([a-z_]+(?:[./][a-z_0-9]+)*)/?`", text)
    paths = [
        re.sub(r"\.py$", "", name) if "/" in name or name.endswith(".py") else name.replace(".", "/") for name in names
    ]
    return [path for path in paths if path.split("/")[0] in ROOMS]


def is_module(name: str) -> bool:
    path = PACKAGE / name
    return path.exists() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize("page", [page for page in PAGES if page not in FOR_USERS], ids=lambda page: page.name)
def test_every_module_that_a_page_names_exists(page: Path) -> None:
    assert [name for name in modules_named(page.read_text(encoding="utf-8")) if not is_module(name)] == []


def test_the_glossary_says_where_each_word_is_at_home() -> None:
    rows = re.findall(
        r"^\| (.*?) \| .* \| (.*?) \|$", (ROOT / "docs/words.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    words = [word for word, _ in rows if word != "term"]
    assert len(words) > 60
    assert [word for word, where in rows if word != "term" and not modules_named(where)] == []
    assert len(words) == len(set(words))


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def configurations() -> list[str]:
    blocks = [
        block for page in PAGES for block in re.findall(r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
    ]
    return [
        block for block in blocks if re.match(r"(?:#[^\n]*\n)*(?:units|cluster|rules|ignore|exclude|baseline):", block)
    ]


@pytest.mark.parametrize("text", configurations())
def test_configurations_in_pages_are_valid(text: str) -> None:
    load(SourceFile("kubeqed.yaml", text.encode()))


def test_pages_show_configurations() -> None:
    assert len(configurations()) >= 4


def test_the_classes_that_the_architecture_names_exist() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", page))
    defined = {
        name for path in PACKAGE.rglob("*.py") for name in re.findall(r"^class (\w+)", path.read_text("utf-8"), re.M)
    }
    assert named
    assert named - defined == set()


def test_contributing_names_the_sub_rooms_of_each_room() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z]+)/` \|[^|]*\|([^|]*)\|[^|]*\|$", page, re.MULTILINE)
    named = {room: sorted(re.findall(r"`([a-z_]+)/`", cell)) for room, cell in rows}
    found = {
        path.name: sorted(below.parent.name for below in path.glob("*/__init__.py"))
        for path in PACKAGE.iterdir()
        if (path / "__init__.py").exists()
    }
    assert named == found
