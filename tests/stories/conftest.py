"""A stage for each story, an empty profile, and the service in small."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from partner_tokens.sandbox.service import Sandbox
from stories.harness import Stage


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In place of pytest's, which is named after the test: a socket's path has 107 letters."""
    with TemporaryDirectory(prefix="story-") as folder:
        yield Path(folder)


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


@pytest.fixture
def service() -> Iterator[Sandbox]:
    """The service in small, on loopback; it knows no API token yet."""
    with Sandbox() as sandbox:
        yield sandbox
