"""The checkout's private virtual environment: made once, repaired when broken, else left alone."""

import contextlib
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import dev_system
from dev_report import SetUpError, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = ROOT / "packaging" / "requirements.txt"
REQUIREMENTS_DEV = ROOT / "packaging" / "requirements-dev.txt"
REQUIREMENTS_PACKAGE = ROOT / "packaging" / "requirements-package.txt"
# Written last. No stamp: a set-up was cut off somewhere, and nothing there is trusted. "sound"
# instead of a digest: pip gave up in good order, and what is there can be built upon.
STAMP = VENV / "set-up.stamp"
SOUND = "sound"


def ensure(tools: bool) -> None:
    """Make `.venv` hold the pinned requirements and the checkout, with the test tools if `tools`.

    Does nothing when it holds them already. Two at once are safe: the second waits for the first.

    Raises:
        SetUpError: no network, no space, a broken Python, a file that differs from its hash.
    """
    if is_ready(tools):
        return
    try:
        with _one_at_a_time():
            if not is_ready(tools):
                _set_up(tools)
    except OSError as error:
        raise SetUpError(
            f"{VENV} could not be written ({error}): make room or mend its rights, then try again."
        ) from None


def is_ready(tools: bool) -> bool:
    """Tell whether the last set-up was completed for what the checkout asks for now."""
    try:
        stamp = STAMP.read_text(encoding="utf-8")
    except OSError:
        return False
    if not _interpreter_is_sound():
        return False
    return stamp == digest(tools=True) or (not tools and stamp == digest(tools=False))


def digest(tools: bool) -> str:
    """Sum up what an installed environment depends on: place, interpreter, pins, project table."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    hatch = project["tool"]["hatch"]
    parts = [
        str(ROOT),
        _text_of(VENV / "pyvenv.cfg"),
        _text_of(REQUIREMENTS_DEV if tools else REQUIREMENTS),
        json.dumps([project["build-system"], project["project"], hatch], sort_keys=True),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest() + ("+tools" if tools else "")


def qt_folder() -> Path:
    """Answer where the installed PySide6 keeps Qt: on Linux, the folder of `lib` and `plugins`."""
    return next(VENV.glob("lib/python3*/site-packages/PySide6/Qt"), VENV)


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the set-up lock, which the system gives back even if this process is killed."""
    with (ROOT / ".venv.lock").open("a") as file:
        if not _try_lock(file.fileno()):
            say("Another set-up of this checkout is under way: waiting for it …")
            _wait_lock(file.fileno())
        yield


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait_lock(handle: int) -> None:
        while True:
            with contextlib.suppress(OSError):  # gives up every ten seconds
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
                return
else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait_lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)


def _set_up(tools: bool) -> None:
    known = STAMP.exists() and _interpreter_is_sound()
    tools = tools or (known and _text_of(STAMP).endswith("+tools"))  # once there, they stay
    STAMP.unlink(missing_ok=True)
    if not known:
        make_empty(VENV)
    requirements = REQUIREMENTS_DEV if tools else REQUIREMENTS
    say(f"Installing what {requirements.name} pins, at first for a minute or two …")
    try:
        install_pinned(PYTHON, requirements)
        say("Installing the checkout itself …")
        _pip(PYTHON, "--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    except SetUpError:
        _write_stamp(SOUND)
        raise
    _write_stamp(digest(tools))


def install_pinned(python: Path, requirements: Path) -> None:
    """Install into the environment of `python` exactly what the file names, by hash.

    Raises:
        SetUpError: pip gave up; says why.
    """
    # The file names everything; pip 23 would ask an extra's newest version for its hash.
    _pip(
        python,
        *("--no-deps", "--require-hashes", "--only-binary", ":all:"),
        *("--requirement", str(requirements)),
    )


def make_empty(venv: Path) -> None:
    """Make a virtual environment, in place of the one that is there.

    Raises:
        SetUpError: Python cannot; says why.
    """
    say(
        f"Making a new virtual environment in {venv} …"
        if not venv.exists()
        else f"Rebuilding {venv} …"
    )
    if find_spec("ensurepip") is None:
        dev_system.install_venv_module()
    # Started inside .venv itself, it is the Python underneath that makes it anew.
    python: str = getattr(sys, "_base_executable", sys.executable)
    answer = subprocess.run(
        [python, "-I", "-m", "venv", "--clear", str(venv)], capture_output=True, text=True
    )
    if answer.returncode:
        last = (answer.stdout + answer.stderr).strip().splitlines()[-1:]
        raise SetUpError(
            f"Python could not make {venv} ({' '.join(last)}): mend that, then try again."
        )


def _interpreter_is_sound() -> bool:
    # Python was removed or upgraded in place: packages of 3.11 are of no use to 3.12.
    found = re.search(r"^executable = (.+)$", _text_of(VENV / "pyvenv.cfg"), re.MULTILINE)
    if found is None or not PYTHON.exists():
        return False
    base = Path(found[1].strip())
    return base.exists() if os.name == "nt" else PYTHON.resolve() == base.resolve()


def _pip(python: Path, *arguments: str) -> None:
    command = [
        str(python),
        "-I",
        "-m",
        "pip",
        "install",
        "--progress-bar",
        "off",
        "--no-input",
        *arguments,
    ]
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"}
    for harmful in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"):
        environment.pop(harmful, None)
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        for line in process.stdout or ():
            lines.append(line.strip())
            if line.lstrip().startswith("Downloading") and " MB)" in line:
                say(f"  {line.strip()}")
    if process.returncode:
        raise SetUpError(explain_pip("\n".join(lines)))


def explain_pip(output: str) -> str:
    """Put what pip printed as it failed into one sentence with the next step."""
    if "No space left on device" in output:
        return "the disk is full: make about 700 MB of room, then try again."
    if "DO NOT MATCH THE HASHES" in output:
        return (
            "a downloaded file is not the one that was pinned, so it was not installed: "
            "try again, and if it stays so, ask who keeps your package index."
        )
    unreachable = (
        "NewConnectionError",
        "ConnectTimeoutError",
        "NameResolutionError",
        "ProxyError",
        "SSLError",
        "ReadTimeoutError",
    )
    if any(name in output for name in unreachable):
        return (
            "the package index could not be reached: "
            "check the network (a proxy goes into HTTPS_PROXY), then try again."
        )
    errors = [
        line.removeprefix("ERROR: ") for line in output.splitlines() if line.startswith("ERROR: ")
    ]
    if any(line.startswith("No matching distribution") for line in errors):
        return (
            f"the package index has no file for this system and Python {platform.python_version()} "
            f"({errors[0]}): try again with another Python from 3.11 on."
        )
    return (
        f"pip failed ({errors[0] if errors else 'it did not say why'}): mend that, then try again."
    )


def _write_stamp(text: str) -> None:
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(STAMP)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""
