"""Why a file of the user's cannot be read or written."""

from collections.abc import Sequence
from enum import StrEnum
from typing import assert_never

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _

MOST_NAMES = 3


class Unusable(StrEnum):
    """Why a file or a text cannot be imported from."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    TOO_MANY_ROWS = "too many rows"
    TOO_MANY_FILES = "too many files"
    PACKED = "packed"
    NOT_TEXT = "not text"
    BROKEN = "broken"
    TOO_DEEP = "too deep"
    NO_TOKENS = "no tokens"
    SEALED_FOR_KEY = "sealed for a key"
    SEAL_BROKEN = "seal broken"
    TOO_COSTLY = "too costly"
    NEWER_HANDOVER = "newer hand-over"
    NO_HANDOVER = "no hand-over"


class Unimportable(AppError):
    """Nothing can be imported from this; `source` is the file's name, empty for pasted text."""

    def __init__(self, reason: Unusable, source: str, details: str = "") -> None:
        super().__init__(details)
        self.reason = reason
        self.source = source

    def _words(self) -> tuple[str, str]:
        source = self.source or _("the pasted text")
        title, hint = _unusable_words(self.reason)
        title = title.format(source=source)
        return title if self.source else title[:1].upper() + title[1:], hint


def _unusable_words(reason: Unusable) -> tuple[str, str]:  # noqa: C901  # a table, not logic
    match reason:
        case Unusable.UNREADABLE:
            return (
                _("{source} cannot be read."),
                _("Check that it exists and that you may read it."),
            )
        case Unusable.TOO_LARGE:
            return (
                _("{source} is too large for a list of tokens."),
                _("Choose a file of 5 MB or less, and 20 MB in all."),
            )
        case Unusable.TOO_MANY_ROWS:
            return (
                _("{source} has too many rows or columns."),
                _("Import 10,000 tokens at a time, in 60 columns or fewer."),
            )
        case Unusable.TOO_MANY_FILES:
            return (
                _("{source} has too many files."),
                _("Choose 5,000 files or fewer at a time."),
            )
        case Unusable.PACKED:
            return (
                _("{source} is a spreadsheet or an archive, not text."),
                _("Save the spreadsheet as CSV, or unpack the archive, then import that."),
            )
        case Unusable.NOT_TEXT:
            return (
                _("{source} is not a text file."),
                _("Choose a CSV, text, INI, JSON or environment file."),
            )
        case Unusable.TOO_DEEP:
            return (
                _("{source} is nested too deeply to be a list of tokens."),
                _("Choose the file that holds the tokens themselves."),
            )
        case Unusable.BROKEN:
            return (
                _("{source} is damaged: it breaks off, or a quotation mark is missing."),
                _("Save it again in the program it comes from."),
            )
        case Unusable.NO_TOKENS:
            return (
                _("No API token was found in {source}."),
                _("Choose a file with tokens in it, such as a CSV with a column “token”."),
            )
        case Unusable.SEALED_FOR_KEY:
            return (
                _("{source} is encrypted for a key of age, not with a passphrase."),
                _("Decrypt it with the command `age`, or ask for one made with a passphrase."),
            )
        case Unusable.SEAL_BROKEN:
            return (
                _("{source} is encrypted, but damaged: not all of it is as it was made."),
                _("Copy it again from where it was made."),
            )
        case Unusable.TOO_COSTLY:
            return (
                _("{source} takes more time or memory to open than can be right."),
                _("Ask for another one, made with Partner Tokens or with `age --passphrase`."),
            )
        case Unusable.NEWER_HANDOVER:
            return (
                _("{source} was written by a newer version of Partner Tokens."),
                _("Install that version here, then import it."),
            )
        case Unusable.NO_HANDOVER:
            return (
                _("{source} says that Partner Tokens wrote it, but it is not made like that."),
                _("Make it anew with “Back up or hand over”."),
            )
    assert_never(reason)


class ColumnUnread(AppError):
    """A column of a table holds what looks like API tokens, and is not read; `number` is from 1."""

    def __init__(self, source: str, heading: str, number: int) -> None:
        super().__init__()
        self.source = source
        self.heading = heading
        self.number = number

    def _words(self) -> tuple[str, str]:
        title = _("The column “{column}” of {source} looks like API tokens and was not read.")
        return (
            title.format(
                column=self.heading or _("Column {number}").format(number=self.number),
                source=self.source or _("the pasted text"),
            ),
            _(
                "If it holds some, put “token” into its heading or each into a row of its own, "
                "then import it again."
            ),
        )


class WrongFilePassphrase(AppError):
    """The passphrase does not open an encrypted file; `source` is its name, empty if pasted."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source

    def _words(self) -> tuple[str, str]:
        title = _("This passphrase does not open {source}.")
        return (
            title.format(source=self.source or _("the pasted text")),
            _("Type the one it was made with; mind Caps Lock and the keyboard layout."),
        )


class NothingOpened(AppError):
    """None of the tokens that were to be handed over can be opened; no file was written."""

    def _words(self) -> tuple[str, str]:
        return (
            _("None of these tokens can be opened, so no file was written."),
            _("Paste them again: edit the rows, or make new tokens in the portal."),
        )


class EarlierFileKept(AppError):
    """Some tokens cannot be opened, and the file that was to be written is there already.

    `names` are those tokens: the file may be the only place where they are whole.
    """

    def __init__(self, path: str, names: Sequence[str]) -> None:
        super().__init__()
        self.path = path
        self.names = tuple(names)

    def _words(self) -> tuple[str, str]:
        names = "; ".join((*self.names[:MOST_NAMES], *(["…"] if self.names[MOST_NAMES:] else [])))
        return (
            _("{path} was left as it is: not all of these tokens can be opened.").format(
                path=self.path
            ),
            _("It may be the only place that still has {names}. Choose a new file.").format(
                names=names
            ),
        )


class FileUnwritable(AppError):
    """A file the user asked for could not be written; what was there is as it was."""

    passes = True

    def __init__(self, path: str, details: str = "") -> None:
        super().__init__(details)
        self.path = path

    def _words(self) -> tuple[str, str]:
        return (
            _("{path} could not be written.").format(path=self.path),
            _("Choose another folder, or close the program that has the file open."),
        )


class PreferencesUnreadable(AppError):
    """The file of preferences makes no sense, and is left for whoever works on it."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def _words(self) -> tuple[str, str]:
        return (
            _("{path} cannot be read, so nothing was changed in it.").format(path=self.path),
            _("Correct the file by hand, or remove it to begin with the usual choices."),
        )
