"""Our own manifests of every kind that is validated, with the expectation on the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.expect import differences, expectations
from tests.rules.judging import FILE, findings

from kubeqed.rule.catalogue import find_rules

SAMPLE = sorted((Path(__file__).parent / "sample").glob("*.yaml"))
SPEAKERS = (
    "cluster-ip-clash",
    "external-name-not-a-host",
    "field-ignored",
    "field-unknown",
    "host-port-clash",
    "listener-conflict",
    "scalar-misread",
    "service-port-ambiguous",
    "service-type-forbids-field",
    "template-not-selected",
    "value-rejected",
)


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.stem)
def test_the_sample_is_judged_as_it_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = findings(text, [rule for rule in find_rules() if rule.id in SPEAKERS])
    wrong = differences(expectations(FILE, text), found)
    assert not wrong, "\n".join(wrong)
