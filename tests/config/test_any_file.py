"""Whatever a file holds: settings, or complaints of one line each inside the file."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kubeqed.config import Complaint, ConfigurationError, load
from kubeqed.config.keys import MODELS
from kubeqed.sources import SourceFile

keys = st.sampled_from(sorted({key for model in MODELS.values() for key in model.model_fields})) | st.text(max_size=4)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**65)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["none", "calico", "kong", "1.30", "10.0.0.0/8", "1-2", "closed", "${A}", "\ud800"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(keys, values, max_size=4))
def test_any_mapping(root: dict[str, Any]) -> None:
    loads_or_complains(json.dumps(root).encode())


@given(st.binary(max_size=40))
def test_any_bytes(content: bytes) -> None:
    loads_or_complains(content)


def loads_or_complains(content: bytes) -> None:
    complaints = complaints_of(content)
    assert complaints is None or complaints
    for complaint in complaints or ():
        assert 1 <= complaint.span.line <= content.count(b"\n") + content.count(b"\r") + 1
        assert 1 <= complaint.span.column <= complaint.span.end_column
        assert "\n" not in complaint.message
        assert len(complaint.message) < 1000


def complaints_of(content: bytes) -> tuple[Complaint, ...] | None:
    try:
        load(SourceFile("kubeqed.yaml", content))
    except ConfigurationError as error:
        return error.complaints
    return None
