"""The JSON Schema says about a file what loading it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.config.loading import load_text
from tests.config.test_errors import KEYS, NAMES, SHAPES
from tests.config.test_settings import FULL

from kubeqed.config import load, make_schema
from kubeqed.parse import parse
from kubeqed.sources import SourceFile

README = Path(__file__).parents[2] / "README.md"

GOOD = [
    FULL,
    "units:\ncluster:\nrules:\nignore:\n",
    "cluster: {kubernetes: 1.36, cni: flannel+calico, ingress_controllers: none, provider: none}",
    "cluster: {cni: {name: none}, ingress_controllers: []}",
    "rules: {severity: {a: off, b: error, c: 'off'}}",
]
# What only loading finds: one key twice, `none` beside others, an entry that would hide everything.
UNSEEN = ("twice", '"none" says', "would hide", "placeholder", "is empty")
BAD = [text for text, message in (KEYS | SHAPES | NAMES).items() if not any(part in message for part in UNSEEN)]


def valid(text: str) -> bool:
    root = parse(SourceFile("kubeqed.yaml", text.encode())).documents[0].document.root
    return jsonschema.Draft202012Validator(make_schema()).is_valid(root)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(make_schema())
    assert make_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert make_schema()["title"] == "kubeqed.yaml"


@pytest.mark.parametrize("text", GOOD)
def test_what_loads_is_valid(text: str) -> None:
    load_text(text)
    assert valid(text)


@pytest.mark.parametrize("text", BAD)
def test_what_does_not_load_is_not_valid(text: str) -> None:
    assert not valid(text)


def test_the_readme_shows_a_configuration() -> None:
    samples = [text for text in re.findall(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL) if "cluster:" in text]
    assert samples
    for text in samples:
        load(SourceFile("README.md", text.encode()))
        assert valid(text)
        assert not valid(text.replace("cluster:", "clusters:"))


def test_every_key_is_described() -> None:
    keys = list(properties(make_schema()))
    assert {"world", "load_balancer", "severity", "reason"} <= {name for name, _ in keys}
    for name, key in keys:
        assert key["title"], name
        assert len(key["description"]) > 10, name
        assert not key["description"].endswith("."), name


def properties(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield from node.get("properties", {}).items()
        for value in node.values():
            yield from properties(value)
