"""Loads a configuration from text, and writes errors as `line:column-end_column message`."""

from __future__ import annotations

from textwrap import dedent

import pytest

from kubeqed.config import Complaint, ConfigurationError, Settings, load
from kubeqed.sources import SourceFile


def load_text(text: str, path: str = "kubeqed.yaml") -> Settings:
    return load(SourceFile(path, dedent(text).encode()))


def errors(text: str | bytes) -> list[str]:
    content = text if isinstance(text, bytes) else dedent(text).encode()
    with pytest.raises(ConfigurationError) as caught:
        load(SourceFile("kubeqed.yaml", content))
    return [brief(complaint) for complaint in caught.value.complaints]


def brief(complaint: Complaint) -> str:
    span = complaint.span
    assert (span.file, span.end_line) == ("kubeqed.yaml", span.line)
    return f"{span.line}:{span.column}-{span.end_column} {complaint.message}"
