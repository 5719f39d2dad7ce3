"""One screen for all stories of a file, each with a profile of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stories.harness import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A fresh home, screen, keyring and bus."""
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The folder for `--profile`; not yet there."""
    return tmp_path / "profile"
