"""Mutated manifests on which kubeqed and the server's own code once disagreed, cut down to what they disagreed about.

A line of `fuzzed.jsonl` holds the answer of k8s.io/kubernetes v1.36.3 (strict decoding, defaults, the strategies of
creation, feature gates at their defaults): whether the manifest is accepted, the fields it blames, whether it warns.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.apiserver.verdicts import SERVER, manifest

from kubeqed.apiserver import Violation, find_violations
from kubeqed.diagnostic import Certainty

LINES = (Path(__file__).parent / "fuzzed.jsonl").read_text(encoding="utf-8").splitlines()
WARNING = (Certainty.LIKELY, Certainty.POSTURE)


def judged(recorded: dict[str, Any]) -> list[Violation]:
    text = json.dumps(recorded["manifest"], ensure_ascii=False)
    return [found for item in manifest(text).objects for found in find_violations(item, SERVER)]


@pytest.mark.parametrize("recorded", [json.loads(line) for line in LINES], ids=range(1, len(LINES) + 1))
def test_the_server_and_kubeqed_agree(recorded: dict[str, Any]) -> None:
    found = judged(recorded)
    refused = {violation.path for violation in found if violation.certainty is Certainty.REJECTED}
    assert bool(refused) is not recorded["accepted"]
    if recorded["fields"]:  # a decoder names none
        assert refused <= set(recorded["fields"])
    if recorded["accepted"]:
        assert any(violation.certainty in WARNING for violation in found) == recorded["warns"]
