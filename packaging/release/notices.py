"""Whose work is shipped along, and what the LGPL wants said of Qt: one file for people.

The texts of the licences lie beside it, from resources/licences.
"""

import json
import platform
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

from bill_of_materials import licence_of, parts
from release import places

HEAD = """\
Partner Tokens {version} is under the MIT licence. It brings along the works of others that are
listed here. The texts of their licences are in this folder.

Qt, PySide6 and Shiboken {qt} are used under the GNU Lesser General Public License, version 3, and
python-xlib (on Linux) under its version 2.1. They lie as shared libraries in PySide6 and
shiboken6, and as source in the folder Xlib, unchanged as their makers published them. You may
replace them by your own build of the same version, and you may take this program apart to find
errors in such a change. The source of Qt is at
https://download.qt.io/official_releases/qt/ and
https://download.qt.io/official_releases/QtForPython/pyside6/ under that version number.
"""
INSIDE_QT = Path(__file__).with_name("inside-qt.txt")


def notices() -> str:
    """The whole text, the same for the same versions."""
    works = parts()
    qt = next(work.version for work in works if work.name.lower().startswith("pyside6"))
    table = [f"{work.name} {work.version}: {licence_of(work)}" for work in works]
    table.append(f"Python {platform.python_version()}: PSF-2.0")
    return "\n".join(
        [
            HEAD.format(version=places.version(), qt=qt),
            *table,
            "",
            *_compiled_in(works),
            INSIDE_QT.read_text(encoding="utf-8"),
        ]
    )


def _compiled_in(works: list[Distribution]) -> Iterator[str]:
    """What the bills of the wheels say is compiled into them."""
    for work in works:
        bills = [
            json.loads(file.read_text(encoding="utf-8"))
            for file in work.files or ()
            if "/sboms/" in file.as_posix() and file.suffix == ".json"
        ]
        lines = {_line(one) for bill in bills for one in bill.get("components", [])}
        if lines:
            yield f"Inside {work.name} {work.version}:"
            yield from (f"  {line}" for line in sorted(lines))
            yield ""


def _line(component: dict[str, Any]) -> str:
    terms = [
        each.get("expression") or each["license"].get("id") or each["license"].get("name")
        for each in component.get("licenses", [])
    ]
    said = f": {', '.join(terms)}" if terms else ""
    return f"{component['name']} {component.get('version', '')}{said}"
