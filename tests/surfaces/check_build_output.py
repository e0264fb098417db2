"""What `kubeqed build` prints is read by `kustomize`, and so by the reader of YAML that clusters have, as the same values."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st
from tests.build.built import plain
from tests.report.build.test_yaml import TEXTS, VALUES, placed, read
from tests.surfaces.conftest import Run

from kubeqed.report.build.yaml import render_documents

# What kustomize reads, and then writes so that it cannot read it itself: a key `<<`, and control characters.
_ITS_OWN_FAULTS = re.compile('"<<": |[\x7f-\x9f\ufffe\uffff]')


@pytest.mark.parametrize("with_origins", [False, True])
@seed(0)
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=[*HealthCheck])
@given(specs=st.lists(st.dictionaries(TEXTS, VALUES, max_size=4), min_size=8, max_size=8))
def test_the_tool_reads_the_same_values(run: Run, with_origins: bool, specs: list[dict[str, Any]]) -> None:
    assume(not _ITS_OWN_FAULTS.search(json.dumps(specs, ensure_ascii=False)))
    metadata = [{"name": f"x{number}"} for number in range(len(specs))]
    documents = [
        placed({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": name, "spec": spec})
        for name, spec in zip(metadata, specs, strict=True)
    ]
    with TemporaryDirectory() as folder:
        Path(folder, "kustomization.yaml").write_text("resources: [all.yaml]\n")
        Path(folder, "all.yaml").write_bytes(render_documents(documents, with_origins=with_origins).encode())
        done = run(["kustomize", "build", folder])
    assert done.returncode == 0, done.stderr
    assert read(done.stdout) == [plain(document.document.root) for document in documents]
