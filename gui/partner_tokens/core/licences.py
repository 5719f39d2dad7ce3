"""What the program is made of: each part with its version, its licence, and the text of that."""

import json
from dataclasses import dataclass
from pathlib import Path

from partner_tokens.assets import resources_folder

NAME = "Partner Tokens"
PYTHON = "Python"
QT = "Qt"
"""Parts that are no packages of Python, and so have their versions from elsewhere."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is shipped with the program, here or on another system."""

    name: str
    licence: str
    """As SPDX writes it."""
    files: tuple[Path, ...]
    version: str
    """Empty where it is not part of this installation, or does not tell."""

    def text(self) -> str:
        """The text of its licence. Raises OSError."""
        return "\n\n".join(file.read_text(encoding="utf-8") for file in self.files)


def shipped_parts() -> tuple[Part, ...]:
    """All parts, this program first, then by name. Touches the disk: not for the GUI thread.

    Raises OSError when the program was installed without its licences.
    """
    folder = resources_folder() / "licences"
    found = tuple(
        Part(
            one["name"],
            one["licence"],
            tuple(folder / file for file in one["texts"]),
            version_of(one["name"]),
        )
        for one in json.loads((folder / "index.json").read_text(encoding="utf-8"))
    )
    return tuple(sorted(found, key=lambda part: (part.name != NAME, part.name.lower())))


def version_of(name: str) -> str:
    """The version of a part that runs here; empty where it is not known."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    if name == PYTHON:
        return platform.python_version()
    package = {NAME: "partner-tokens", QT: "PySide6-Essentials"}.get(name, name)
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
