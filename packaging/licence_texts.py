"""Gathers the licence texts of all that the program is shipped with into resources/licences.

Run with the Python of the checkout's environment. What is for another system only, and so is not
installed here, keeps the text it has.
"""

import json
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path
from typing import TypedDict

from bill_of_materials import licence_of, parts

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "licences"
INDEX = FOLDER / "index.json"

CHOSEN = {
    "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only": ("LGPL-3.0-only", "GPL-3.0-only"),
}
"""Where a licence is ours to choose and its text is not brought along: what is chosen.

The LGPL is written on top of the GPL, so both texts belong to it.
"""

QT = "Qt"


class Part(TypedDict):
    """What index.json says of a part."""

    name: str
    licence: str
    texts: list[str]


def texts_of(part: Distribution) -> Iterator[str]:
    """The licences and notices that its wheel brings."""
    for file in sorted(part.files or [], key=str):
        stem = file.name.lower()
        is_notice = stem.startswith(("licen", "copying", "notice"))
        if ".dist-info" in file.parts[0] and is_notice:
            yield Path(str(file.locate())).read_text(encoding="utf-8").strip() + "\n"


def gather() -> list[Part]:
    """Write every text, and give the index: one entry for each part, by name."""
    found: dict[str, Part] = {one["name"]: one for one in json.loads(INDEX.read_text("utf-8"))}
    for part in parts():
        name = part.metadata["Name"]
        licence = licence_of(part)
        texts = list(texts_of(part))
        if texts:
            found[name] = _write(name, licence, texts)
        else:
            files = [f"{one}.txt" for one in CHOSEN[licence]]
            found[name] = Part(name=name, licence=CHOSEN[licence][0], texts=files)
            found[QT] = Part(name=QT, licence=CHOSEN[licence][0], texts=files)
    for name, licence, file in (
        ("Partner Tokens", "MIT", ROOT / "LICENSE"),
        ("Python", "PSF-2.0", Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"),
    ):
        found[name] = _write(name, licence, [file.read_text(encoding="utf-8")])
    return sorted(found.values(), key=lambda one: one["name"].lower())


def _write(name: str, licence: str, texts: list[str]) -> Part:
    file = f"{name}.txt"
    whole = f"\n{'-' * 72}\n\n".join(texts)
    whole = "\n".join(line.rstrip() for line in whole.splitlines()) + "\n"
    (FOLDER / file).write_text(whole, encoding="utf-8", newline="\n")
    return Part(name=name, licence=licence, texts=[file])


def main() -> int:
    """Write texts and index; the answer is the exit code."""
    index = json.dumps(gather(), indent=2, ensure_ascii=False) + "\n"
    INDEX.write_text(index, encoding="utf-8", newline="\n")
    print(f"Written: {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
