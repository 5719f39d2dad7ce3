"""Makes the installer for Windows of a frozen program, and the manifests for winget."""

import hashlib
import shutil
import subprocess
from pathlib import Path
from string import Template

from release import places
from release.version_resource import four_numbers

WINDOWS = places.PACKAGING / "windows"
SCRIPT = WINDOWS / "installer.nsi"
MANIFESTS = WINDOWS / "winget"
USUAL_PLACE = Path("C:/Program Files (x86)/NSIS/makensis.exe")


class ToolMissing(Exception):
    """NSIS is not installed."""


def make_setup(folder: Path, dist: Path) -> Path:
    """Makes the installer of what lies in `folder`; gives it. Raises ToolMissing."""
    version = places.version()
    target = dist / f"partner-tokens-{version}-x64-setup.exe"
    icon = places.DRAWN / "app.ico"
    defined = {
        "VERSION": version,
        "NUMBERS": ".".join(map(str, four_numbers(version))),
        "FOLDER": str(folder),
        "NOTICE": str(places.ROOT / "LICENSE"),
        "OUTPUT": str(target),
        **({"ICON": str(icon)} if icon.exists() else {}),
    }
    definitions = [f"-D{name}={value}" for name, value in defined.items()]
    warnings_are_errors = "-WX"
    subprocess.run(
        [_maker(), "-V2", warnings_are_errors, "-INPUTCHARSET", "UTF8", *definitions, str(SCRIPT)],
        check=True,
    )
    return target


def make_manifests(setup: Path, address: str, folder: Path) -> list[Path]:
    """Writes winget's manifests of an installer that is handed out at `address`."""
    digest = hashlib.sha256(setup.read_bytes()).hexdigest().upper()
    filled = {"version": places.version(), "sha256": digest, "address": address}
    written = []
    for template in sorted(MANIFESTS.glob("*.yaml.in")):
        target = folder / template.name.removesuffix(".in")
        text = Template(template.read_text(encoding="utf-8")).substitute(filled)
        target.write_text(text, encoding="utf-8", newline="\n")
        written.append(target)
    return written


def _maker() -> str:
    found = shutil.which("makensis")
    if found is not None:
        return found
    if USUAL_PLACE.exists():
        return str(USUAL_PLACE)
    raise ToolMissing("install NSIS (Debian: nsis; Windows: winget install NSIS.NSIS)")
