"""Compiles the words of each translation, for the build and for a checkout.

Hatchling runs this as its build hook, for the wheel and for an editable installation. dev.py and
the tests run it where a translation was changed since.
"""

import os
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent


class CompileWords(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is hatchling's own
    """Compiles into the checkout, and takes the outcome along into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before the files are gathered."""
        for file in compile_words(Path(self.root)):
            if version != "editable":
                build_data["force_include"][str(file)] = (
                    f"partner_tokens/resources/translations/{file.name}"
                )


def compile_words(root: Path = ROOT) -> list[Path]:
    """Writes an .mo beside each .po in resources/translations that is newer; answers all .mo."""
    compiled = []
    for source in sorted((root / "resources" / "translations").glob("*.po")):
        target = source.with_suffix(".mo")
        compiled.append(target)
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            with source.open("rb") as file:
                write_compiled(read_po(file, locale=source.stem, abort_invalid=True), target)
    return compiled


def write_compiled(catalogue: Catalog, target: Path) -> None:
    """Whole or not at all: others may be reading it."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    fresh.replace(target)


if __name__ == "__main__":
    compile_words()
