"""Builds what people install, with tools of its own in build/venv; see packaging/release."""

import filecmp
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import dev_environment
import dev_system
from dev_report import SetUpError, say

BUILD = dev_environment.ROOT / "build"
VENV = BUILD / "venv"
PYTHON = VENV / dev_environment.PYTHON.relative_to(dev_environment.VENV)
STAMP = VENV / "set-up.stamp"
METAINFO = (
    dev_environment.ROOT / "packaging" / "linux" / "internal.partnertokens.manager.metainfo.xml"
)


def build(arguments: list[str]) -> int:
    """Make everything for this system in dist/; with `--twice`, also show that it is repeatable.

    Raises:
        SetUpError: the set-up failed, or an argument is unknown.
    """
    if arguments not in ([], ["--twice"]):
        raise SetUpError("build takes no option but --twice.")
    ensure_tools()
    code = _make(BUILD, dev_environment.ROOT / "dist")
    if code == 0 and arguments:
        again = BUILD / "again"
        shutil.rmtree(again, ignore_errors=True)
        first = dev_environment.ROOT / "dist"
        code = _make(again, again / "dist") or _compare(first, again / "dist")
    return code


def ensure_tools() -> None:
    """Make build/venv hold what requirements-package.txt pins, and nothing else.

    Raises:
        SetUpError: no network, no space, a broken Python, a file that differs from its hash.
    """
    requirements = dev_environment.REQUIREMENTS_PACKAGE
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not (STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted):
        dev_environment.make_empty(VENV)
        say(f"Installing what {requirements.name} pins, for a minute or two …")
        dev_environment.install_pinned(PYTHON, requirements)
        STAMP.write_text(wanted, encoding="utf-8")
    if sys.platform == "linux":
        dev_system.ensure_packages(("binutils", "dpkg-dev"), "the tools that make packages")
    dev_system.ensure_for_window(next(VENV.glob("lib/python3*/site-packages/PySide6/Qt"), VENV))


def source_date() -> str:
    """Answer the second of 1970 that stands in every file: of the commit, else of the release."""
    root = str(dev_environment.ROOT)
    command = ["git", "-C", root, "log", "-1", "--format=%ct"]
    if shutil.which("git") and (dev_environment.ROOT / ".git").exists():
        answer = subprocess.run(command, capture_output=True, text=True)
        if answer.returncode == 0 and answer.stdout.strip():
            return answer.stdout.strip()
    return str(int(METAINFO.stat().st_mtime))


def environment(build: Path, dist: Path) -> dict[str, str]:
    """Answer what the steps in packaging/release are told: where to build, and the date."""
    return os.environ | {
        "PYTHONPATH": str(dev_environment.ROOT / "packaging"),
        "PYTHONHASHSEED": "1",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH") or source_date(),
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "PARTNER_TOKENS_BUILD": str(build),
        "PARTNER_TOKENS_DIST": str(dist),
    }


def _make(build: Path, dist: Path) -> int:
    return subprocess.run(
        [str(PYTHON), "-m", "release"], cwd=dev_environment.ROOT, env=environment(build, dist)
    ).returncode


def _compare(first: Path, second: Path) -> int:
    names = sorted({file.name for folder in (first, second) for file in folder.iterdir()})
    _same, different, missing = filecmp.cmpfiles(first, second, names, shallow=False)
    for name in names:
        say(f"{'DIFFERS' if name in different + missing else 'the same'}  {name}")
    return 1 if different or missing else 0
