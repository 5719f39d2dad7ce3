"""What the operating system has to bring: Qt's shared libraries, a font, the tools of the tests."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from dev_report import SetUpError, say

# Which Debian package brings a library that PySide6's wheels look for (seen with ldd on Debian 12).
PACKAGE_OF_LIBRARY = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# Covers Latin, Hebrew and Arabic, which the demo shows.
FONT_PACKAGE = "fonts-dejavu-core"
# A virtual screen with a window manager, its clipboard and keys;
# a Wayland compositor without one (its tests are skipped where it is missing);
# a bus with a keyring and the accessibility tree; age, which opens our files and makes others;
# strace, which sees whom the program talks to; shells that complete what is typed;
# what judges the files of our packages.
TEST_PACKAGES = (
    "xvfb", "xauth", "openbox", "xclip", "xdotool", "x11-utils", "tint2",
    "sway", "wl-clipboard", "wtype",
    "dbus", "dbus-daemon", "gnome-keyring", "libsecret-tools",
    "at-spi2-core", "gir1.2-atspi-2.0", "python3-gi", "age", "strace", "zsh", "fish", FONT_PACKAGE,
    "appstream", "desktop-file-utils", "nsis",
)  # fmt: skip
TEST_COMMANDS = (
    "Xvfb",
    "xauth",
    "openbox",
    "xclip",
    "xdotool",
    "tint2",
    "dbus-run-session",
    "gnome-keyring-daemon",
    "secret-tool",
    "age",
    "strace",
    "zsh",
    "fish",
)
BY_HAND = "install them with your package manager, then try again."


def has_screen(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Tell whether a window can be shown; who names a Qt platform is taken at their word."""
    if platform in ("win32", "darwin"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def ensure_for_window(qt: Path) -> None:
    """See that the Qt in folder `qt` finds its libraries and a font.

    What is missing is installed on Debian and its kin, if that can be done without a question.

    Raises:
        SetUpError: something is missing and cannot be installed from here; names the command.
    """
    if not sys.platform.startswith("linux"):
        return
    plugins = ["offscreen"]
    plugins += ["xcb"] if os.environ.get("DISPLAY") else []
    plugins += ["wayland"] if os.environ.get("WAYLAND_DISPLAY") else []
    _ensure_libraries(qt, plugins)
    if _is_debian() and not _has_font():
        _install([FONT_PACKAGE], "a font")


def ensure_for_tests(qt: Path) -> None:
    """See that the tools of the tests are there, the libraries of the Qt in folder `qt` included.

    What is missing is installed on Debian and its kin, if that can be done without a question.

    Raises:
        SetUpError: something is missing and cannot be installed from here; names the command.
    """
    if not sys.platform.startswith("linux"):
        return
    if _is_debian():
        ensure_packages(TEST_PACKAGES, "the tools of the tests")
    else:
        commands = [command for command in TEST_COMMANDS if shutil.which(command) is None]
        if commands:
            raise SetUpError(f"the tests need {', '.join(commands)}: {BY_HAND}")
    _ensure_libraries(qt, ["offscreen", "xcb"])


def ensure_packages(packages: Iterable[str], what: str) -> None:
    """See that these packages of Debian are installed; `what` they are goes into the message.

    Raises:
        SetUpError: this is no Debian, or they cannot be installed from here; names the command.
    """
    if not _is_debian():
        raise SetUpError(f"{what} are packages of Debian: do this on Debian or its kin.")
    missing = missing_packages(packages, _dpkg_answer(packages))
    if missing:
        _install(missing, what)


def install_venv_module() -> None:
    """Bring the part of Python that makes virtual environments, which Debian ships apart.

    Raises:
        SetUpError: it cannot be installed from here; says what to install.
    """
    if not (_is_debian() and sys.executable.startswith("/usr/bin/")):
        raise SetUpError(
            f"{sys.executable} came without `ensurepip`, so it cannot make virtual environments: "
            "install your system's package for Python's venv, or another Python, then try again."
        )
    _install([f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"], "Python's venv")


def missing_libraries(ldd_output: str) -> list[str]:
    """Read from ldd's output which libraries were not found, each once, sorted."""
    return sorted(set(re.findall(r"^\s*(\S+) => not found$", ldd_output, re.MULTILINE)))


def missing_packages(wanted: Iterable[str], dpkg_output: str) -> list[str]:
    """Name those of `wanted` that dpkg-query (lines of `name:arch status`) calls not installed."""
    installed = {
        line.split()[0].partition(":")[0]
        for line in dpkg_output.splitlines()
        if line.endswith(" installed")
    }
    return [name for name in wanted if name not in installed]


def _ensure_libraries(qt: Path, plugins: list[str]) -> None:
    files = [str(qt / "plugins" / "platforms" / f"libq{plugin}.so") for plugin in plugins]
    files += [
        str(qt / "lib" / name)
        for name in ("libQt6Widgets.so.6", "libQt6Network.so.6", "libQt6Svg.so.6")
    ]
    missing = _libraries_missing_for(files)
    if not missing:
        return
    packages = sorted({PACKAGE_OF_LIBRARY[name] for name in missing if name in PACKAGE_OF_LIBRARY})
    if not _is_debian() or not packages:
        raise SetUpError(f"Qt needs {', '.join(missing)}: {BY_HAND}")
    _install(packages, "libraries that Qt needs")
    missing = _libraries_missing_for(files)
    if missing:
        raise SetUpError(f"Qt still needs {', '.join(missing)}: {BY_HAND}")


def _libraries_missing_for(files: list[str]) -> list[str]:
    if shutil.which("ldd") is None:
        return []  # Qt itself will say what it misses
    answer = subprocess.run(
        ["ldd", *files], capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"}
    )
    return missing_libraries(answer.stdout)


def _has_font() -> bool:
    home = Path.home()
    folders = (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".fonts",
        home / ".local/share/fonts",
    )
    return any(
        name.lower().endswith((".ttf", ".otf", ".ttc"))
        for folder in folders
        for _, _, names in os.walk(folder)
        for name in names
    )


def _is_debian() -> bool:
    return shutil.which("apt-get") is not None and shutil.which("dpkg-query") is not None


def _dpkg_answer(packages: Iterable[str]) -> str:
    command = [
        "dpkg-query",
        "--show",
        "--showformat=${binary:Package} ${db:Status-Status}\n",
        *packages,
    ]
    return subprocess.run(command, capture_output=True, text=True).stdout


def _install(packages: list[str], what: str) -> None:
    by_hand = f"sudo apt-get install --no-install-recommends {' '.join(packages)}"
    prefix = _root_prefix()
    if prefix is None:
        raise SetUpError(f"{what} are missing; install them with `{by_hand}`, then try again.")
    say(f"Installing {what}: {' '.join(packages)} …")
    apt = [
        *prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]
    # A failed update is no reason to stop: the lists at hand may do.
    subprocess.run([*apt, "update"], stdin=subprocess.DEVNULL, capture_output=True)
    answer = subprocess.run(
        [*apt, "install", "--yes", "--no-install-recommends", *packages],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if answer.returncode:
        complaints = [line for line in answer.stdout.splitlines() if line.startswith("E: ")] or [
            "it did not say why"
        ]
        raise SetUpError(
            f"apt-get failed ({complaints[0]}); see what `{by_hand}` says, then try again."
        )


def _root_prefix() -> list[str] | None:
    """Answer the words that make a command run as root without a question, None if none do."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    ):
        return ["sudo", "-n"]
    return None
