"""The pinned requirements and the traps of the top-level folders."""

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "packaging" / name for name in ("requirements.txt", "requirements-dev.txt")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

MARKED = {
    name
    for name, marker in re.findall(
        r"^(\S+)==\S+ ; (.+?) \\$", FILES[1].read_text(encoding="utf-8"), re.MULTILINE
    )
    if not Marker(marker).evaluate()
}
"""Pins for other systems and other versions of Python."""


def pins(file: Path) -> dict[str, str]:
    text = file.read_text(encoding="utf-8")
    return {match[1]: match[2] for match in re.finditer(r"^(\S+)==([^\s;]+)", text, re.MULTILINE)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_pin_has_a_hash_and_no_address_is_written_down(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--find-links" not in text
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(file))
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_tests_run_with_the_versions_that_the_program_runs_with() -> None:
    run, test = (pins(file) for file in FILES)
    assert run.items() <= test.items()


def test_the_pins_are_what_the_project_asks_for() -> None:
    run = pins(FILES[0])
    for wish in map(Requirement, PROJECT["dependencies"]):
        assert wish.specifier.contains(run[wish.name.lower()]), wish


def test_what_is_installed_from_the_pins_lacks_nothing() -> None:
    # pip is told to look at nothing but the pins, so nothing but this would notice a missing one.
    for name, version in pins(FILES[1]).items():
        if name not in MARKED:
            for wish in map(Requirement, distribution(name).requires or ()):
                if wish.marker is None or wish.marker.evaluate({"extra": ""}):
                    assert wish.specifier.contains(distribution(wish.name).version), (name, wish)
            assert distribution(name).version == version


def test_the_keyring_of_each_platform_comes_along() -> None:
    text = FILES[0].read_text(encoding="utf-8")
    assert re.search(r"^secretstorage==\S+ ; sys_platform == 'linux'", text, re.MULTILINE)
    assert re.search(r"^pywin32-ctypes==\S+ ; sys_platform == 'win32'", text, re.MULTILINE)


@pytest.mark.parametrize("folder", ["gui", "packaging", "resources", "tests"])
def test_no_top_level_folder_is_a_package(folder: str) -> None:
    # With packaging/__init__.py, `import packaging` from the root would find ours, not pytest's.
    assert not (ROOT / folder / "__init__.py").exists()
