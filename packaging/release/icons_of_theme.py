"""Puts the icons where desktops look for them: in every size, scalable, and symbolic."""

import shutil
from pathlib import Path

from release import places
from release.identity import COMMANDS

NAME = next(iter(COMMANDS))
SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)


def put_icons(theme: Path) -> None:
    """Fills the folder of the theme "hicolor"."""
    for size in SIZES:
        _copy(places.DRAWN / f"{size}.png", theme / f"{size}x{size}/apps/{NAME}.png")
    _copy(places.ICON, theme / f"scalable/apps/{NAME}.svg")
    symbolic = places.PACKAGING / "linux" / f"{NAME}-symbolic.svg"
    _copy(symbolic, theme / f"symbolic/apps/{symbolic.name}")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
