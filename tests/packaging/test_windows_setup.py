"""The installer for Windows, compiled here around a stand-in, and winget's manifests."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from release import places
from release.windows_setup import SCRIPT, make_manifests, make_setup


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installer of a folder that is laid out as a frozen program."""
    if shutil.which("makensis") is None:
        pytest.skip("NSIS is not installed")
    folder = tmp_path_factory.mktemp("frozen")
    (folder / "_internal" / "PySide6").mkdir(parents=True)
    for name in ("partner-tokens.exe", "partner-tokens-cli.exe", "_internal/PySide6/QtCore.pyd"):
        (folder / name).write_bytes(b"stand-in")
    return make_setup(folder, tmp_path_factory.mktemp("dist"))


def test_the_installer_is_a_program_of_windows_that_says_its_version(setup: Path) -> None:
    content = setup.read_bytes()
    assert content.startswith(b"MZ")
    assert setup.name == f"partner-tokens-{places.version()}-x64-setup.exe"
    assert places.version().encode("utf-16-le") in content
    assert b'requestedExecutionLevel level="asInvoker"' in content


def test_the_manifests_pin_the_installer_that_was_made(setup: Path, tmp_path: Path) -> None:
    address = "https://downloads.example/setup.exe"
    written = make_manifests(setup, address, tmp_path)
    texts = {file.name: file.read_text(encoding="utf-8") for file in written}
    assert len(texts) == 3
    (installer,) = (text for name, text in texts.items() if ".installer." in name)
    digest = hashlib.sha256(setup.read_bytes()).hexdigest().upper()
    assert f"InstallerSha256: {digest}\n" in installer
    assert f"InstallerUrl: {address}\n" in installer
    for name, text in texts.items():
        assert f"PackageVersion: {places.version()}\n" in text
        identifier = re.search(r"^PackageIdentifier: (\S+)$", text, re.MULTILINE)
        assert identifier is not None
        assert name.startswith(identifier[1])
        assert "$" not in text


def test_a_mistake_in_the_script_stops_the_build(tmp_path: Path) -> None:
    if shutil.which("makensis") is None:
        pytest.skip("NSIS is not installed")
    with pytest.raises(subprocess.CalledProcessError):
        make_setup(tmp_path / "nothing there", tmp_path)


def test_no_word_of_the_script_deletes_what_the_user_has() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    deleted = re.findall(r"^\s*(?:Delete|RMDir)\s+(?:/r\s+)?\"([^\"]+)\"", script, re.MULTILINE)
    assert deleted
    assert all(place.startswith(("$INSTDIR", "$SMPROGRAMS")) for place in deleted)
    assert 'RMDir /r "$INSTDIR"' not in script
