"""The wheel, installed into an empty environment outside the checkout, and started there."""

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from partner_tokens import __version__

ROOT = Path(__file__).resolve().parents[2]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment that holds the wheel, and borrows its dependencies."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    paths = sysconfig.get_paths("venv", {"base": str(venv), "platbase": str(venv)})
    # A path file inside a path file is not read, so the checkout itself is not lent with them.
    lent = Path(paths["purelib"]) / "dependencies.pth"
    lent.write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    commands = Path(paths["scripts"])
    install = ["install", "--quiet", "--no-index", "--no-deps", "--ignore-installed", str(wheel)]
    python = str(commands / "python")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    subprocess.run([*pip, *install], check=True)
    return commands


def start(command: Path, *arguments: str, home: Path) -> str:
    """What a command of the installed wheel prints, started far from the checkout."""
    environment = os.environ | {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONWARNINGS": "error",
    }
    for name in ("PYTHONPATH", "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        environment.pop(name, None)
    answer = subprocess.run(
        [command, *arguments],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == 0, answer.stderr
    assert "Traceback" not in answer.stderr
    return answer.stdout


def test_the_wheel_holds_the_package_and_every_resource(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    resources = {
        f"partner_tokens/{file.relative_to(ROOT).as_posix()}"
        for file in (ROOT / "resources").rglob("*")
        if file.is_file() and file.parent.name != "translations"
    }
    words = {
        f"partner_tokens/resources/translations/{file.stem}.mo"
        for file in (ROOT / "resources" / "translations").glob("*.po")
    }
    assert resources
    assert words
    assert {name for name in names if "/translations/" in name} == words
    assert resources <= names
    assert {
        "partner_tokens/__main__.py",
        "partner_tokens/cli.py",
        "partner_tokens/py.typed",
    } <= names
    tops = {name.partition("/")[0] for name in names}
    stem = f"partner_tokens-{__version__}"
    assert tops == {"partner_tokens", f"{stem}.dist-info", f"{stem}.data"}
    assert f"{stem}.dist-info/licenses/LICENSE" in names
    assert f"{stem}.data/data/share/applications/partner-tokens.desktop" in names


def test_the_terminal_program_starts_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    assert __version__ in start(installed / "partner-tokens-cli", "--version", home=tmp_path)


def test_the_window_says_its_version_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    assert __version__ in start(installed / "partner-tokens", "--version", home=tmp_path)


def test_the_package_and_its_resources_are_those_of_the_wheel(
    installed: Path, tmp_path: Path
) -> None:
    code = (
        "import partner_tokens.assets as assets; "
        "print(assets.__file__); print(assets.resources_folder())"
    )
    module, resources = start(installed / "python", "-c", code, home=tmp_path).splitlines()
    assert Path(module).is_relative_to(installed.parent)
    assert Path(resources) == Path(module).with_name("resources")


def test_the_window_is_drawn_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    start(installed / "partner-tokens", "--demo", "--picture", str(picture), home=tmp_path)
    data = picture.read_bytes()
    width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    assert data.startswith(PNG)
    assert (width, height) >= (640, 480)


def test_the_demo_is_shown_as_text_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    text = start(installed / "partner-tokens-cli", "--demo", "show", home=tmp_path)
    assert re.search(r"csp-auth-token: \S{100,}", text)
