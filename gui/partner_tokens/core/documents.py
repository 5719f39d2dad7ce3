"""Files and texts from elsewhere: read within bounds, decoded, or refused in words."""

import codecs
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from partner_tokens.core.errors.files import Unimportable, Unusable

MOST_BYTES = 5_000_000
"""Of one file; 2,000 tokens with everything about them are a tenth of it."""

MOST_LINES = 200_000
"""Ten thousand tokens, each an object of JSON on twenty lines."""

LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
"""Where `str.splitlines` begins a new one."""

MOST_BYTES_IN_ALL = 20_000_000
MOST_FILES = 5_000

PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")
"""How archives begin, and the spreadsheets that are archives inside."""

NO_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"SQLite format 3")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
"""What no text has: all below the blank but tabs and ends of lines."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; Excel writes "Unicode text" as UTF-16."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text and the name of the file it comes from; empty where it was pasted."""

    name: str
    text: str = field(repr=False)


def files_among(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files meant; a folder stands for the files that lie right in it. Raises Unimportable."""
    found: list[Path] = []
    for path in paths:
        try:
            inside = sorted(path.iterdir()) if path.is_dir() else [path]
            found += [one for one in inside if one == path or _is_plain(one)]
        except OSError as error:
            raise Unimportable(Unusable.UNREADABLE, path.name, error.strerror or "") from None
        if len(found) > MOST_FILES:
            raise Unimportable(Unusable.TOO_MANY_FILES, path.name)
    return tuple(found)


def _is_plain(path: Path) -> bool:
    """Whether it is a file that a user sees in the folder."""
    return path.is_file() and (path.name == ".env" or not path.name.startswith("."))


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises Unimportable; never waits for a pipe or a device."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unimportable(Unusable.NOT_TEXT, path.name)
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        details = getattr(error, "strerror", None) or ""
        raise Unimportable(Unusable.UNREADABLE, path.name, details) from None
    if len(content) > MOST_BYTES:
        raise Unimportable(Unusable.TOO_LARGE, path.name)
    return content


def decoded(content: bytes, name: str) -> str:
    """The text of these bytes: UTF-8, UTF-16 with its mark, else Windows-1252. Unimportable."""
    if len(content) > MOST_BYTES:
        raise Unimportable(Unusable.TOO_LARGE, name)
    if content.startswith(PACKED):
        raise Unimportable(Unusable.PACKED, name)
    if content.startswith(NO_TEXT):
        raise Unimportable(Unusable.NOT_TEXT, name)
    text = _text_of(content)
    if text is None or CONTROLS.search(text):
        raise Unimportable(Unusable.NOT_TEXT, name)
    if sum(map(text.count, LINE_ENDS)) > MOST_LINES:
        raise Unimportable(Unusable.TOO_MANY_ROWS, name)
    return text


def checked(text: str) -> str:
    """A pasted text, if it is one. Raises Unimportable."""
    if len(text) > MOST_BYTES:
        raise Unimportable(Unusable.TOO_LARGE, "")  # before a copy of it is made
    return decoded(text.encode("utf-8", "replace"), "")


def _text_of(content: bytes) -> str | None:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            try:
                return content.removeprefix(mark).decode(encoding)
            except UnicodeDecodeError:
                return None
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
