from collections.abc import Callable
from pathlib import Path

import pytest

Put = Callable[..., None]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def put(here: Path) -> Put:
    """Writes files below the current directory, each holding its own name or what it is told to."""

    def write(*names: str, text: str | None = None) -> None:
        for name in names:
            file = here / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(name if text is None else text)

    return write
