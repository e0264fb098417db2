from __future__ import annotations

import os

import pytest


@pytest.fixture
def in_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if `/repository` were the working directory, so that outputs hold no path of this machine."""
    monkeypatch.setattr(os, "getcwd", lambda: "/repository")
