"""Takes all words out of the source and brings every translation up to date with them.

Run as `python3 packaging/dev.py words`; it needs Babel.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from compiled_words import ROOT, compile_words, write_compiled
from pseudo_words import PSEUDO, pseudo

PACKAGE = ROOT / "gui" / "partner_tokens"
TRANSLATIONS = ROOT / "resources" / "translations"
KEYWORDS = {"_": None, "N_": None, "_n": (1, 2)}

HEADER = (
    "# A translation of Partner Tokens.\n"
    "# Refreshed by `python3 packaging/dev.py words`; sorted, without places in the source, so\n"
    "# that changes made side by side can be merged."
)
OF_NO_USE = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Generated-By",
    "Last-Translator",
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
    "Language-Team",
)
"""Lines of the header that would differ with each run, or tell nothing."""


def source_words() -> Catalog:
    """Every message of the package, singular and plural."""
    catalogue = Catalog(project="Partner Tokens", fuzzy=False)
    for _file, _line, words, _notes, _context in extract_from_dir(
        PACKAGE, [("**.py", "python")], keywords=KEYWORDS
    ):
        catalogue.add(words)
    return catalogue


def translation(language: str) -> Catalog:
    """The translation as it is on disk. Raises FileNotFoundError."""
    with (TRANSLATIONS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def refreshed(language: str) -> Catalog:
    """The translation with the words that the source has now, and none that it has no more."""
    catalogue = translation(language)
    catalogue.update(source_words(), no_fuzzy_matching=True)
    return catalogue


def written(catalogue: Catalog) -> str:
    """The .po file's text, the same for the same words."""
    catalogue.header_comment = HEADER
    out = io.BytesIO()
    write_po(out, catalogue, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    lines = out.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.lstrip('"').startswith(OF_NO_USE))


def untranslated(catalogue: Catalog) -> Iterator[Message]:
    """Messages without words, or with a plural form too few."""
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(texts):
            yield message


def main(languages: list[str]) -> int:
    """Refreshes these, or all there are; answers 1 if anything is left to translate."""
    left = 0
    for language in languages or sorted(file.stem for file in TRANSLATIONS.glob("*.po")):
        catalogue = refreshed(language)
        file = TRANSLATIONS / f"{language}.po"
        file.write_text(written(catalogue), encoding="utf-8", newline="\n")
        missing = list(untranslated(catalogue))
        left += len(missing)
        print(f"{language}: {len(catalogue)} messages, {len(missing)} to translate", flush=True)
        for message in missing:
            print(f"  {message.id!r}")
    compile_words()
    for name in PSEUDO:
        write_compiled(pseudo(source_words(), name), Path(TRANSLATIONS / f"{name}.mo"))
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
