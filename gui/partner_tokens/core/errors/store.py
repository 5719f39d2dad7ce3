"""Why the store's file, or the folder it lies in, cannot be used."""

from enum import StrEnum
from typing import assert_never

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _


class StoreError(AppError):
    """The store's file cannot be used as it should."""

    def __init__(self, path: str, details: str = "") -> None:
        super().__init__(details)
        self.path = path


class StoreUnreadable(StoreError):
    """The file is damaged, or cannot be opened."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The list of tokens cannot be read."),
            _("Close other copies of Partner Tokens and open the window: it mends the file."),
        )


class StoreUnwritable(StoreError):
    """The disk is full, read only, or another program keeps the file locked."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("The change could not be saved."),
            _("Check that {path} can be written and the disk is not full, then try again.").format(
                path=self.path
            ),
        )


class StoreUnopened(StoreUnwritable):
    """As StoreUnwritable, before the file could even be opened: that takes some room, too."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The list of tokens could not be opened; nothing in it was changed."),
            _("Check that {path} can be written and the disk is not full, then try again.").format(
                path=self.path
            ),
        )


class StoreReplaced(StoreUnwritable):
    """The file is gone from its place, or another one lies there."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The change was not saved: the file of the list was removed or replaced."),
            _(
                "If another whole list lies at {path}, it is shown in a moment; then try again. "
                "Else put the file back there."
            ).format(path=self.path),
        )


class Hindrance(StrEnum):
    """Why nothing can be written where the store lies."""

    READ_ONLY = "read-only disk"
    DENIED = "no permission"
    FULL = "disk full"
    UNKNOWN = "unknown"


class StoreReadOnly(StoreUnwritable):
    """The store can be read, and nothing can be written where it lies; `path` is its folder."""

    def __init__(self, path: str, hindrance: Hindrance) -> None:
        super().__init__(path, hindrance.value)
        self.hindrance = hindrance

    def _words(self) -> tuple[str, str]:
        hint = _hindrance_words(self.hindrance).format(folder=self.path)
        return _("Your list can only be read now."), hint


def _hindrance_words(hindrance: Hindrance) -> str:
    match hindrance:
        case Hindrance.READ_ONLY:
            return _(
                "{folder} lies on a read-only disk. Copying works; to change anything, make the "
                "disk writable."
            )
        case Hindrance.DENIED:
            return _(
                "You may not write to {folder}. Copying works; to change anything, get permission "
                "to write there."
            )
        case Hindrance.FULL:
            return _(
                "The disk with {folder} is full. Copying works; to change anything, make room on "
                "it."
            )
        case Hindrance.UNKNOWN:
            return _(
                "{folder} cannot be written. Copying works; to change anything, see that files can "
                "be made there."
            )
    assert_never(hindrance)


class StoreMisplaced(StoreError):
    """A link, a pipe or a folder lies where the store's file belongs."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The list of tokens is no file of its own: a link or something else lies there."),
            _("Put the file itself at {path}, or start with --profile and another folder.").format(
                path=self.path
            ),
        )


class FolderShared(StoreError):
    """The folder that was named for everything belongs to others, or they may write to it."""

    def _words(self) -> tuple[str, str]:
        return (
            _("Other users may write to the folder {path}.").format(path=self.path),
            _("Name a folder that does not exist yet, or one that only you can write to."),
        )


class StoreNewer(StoreError):
    """The file was written by a newer version of the program."""

    def _words(self) -> tuple[str, str]:
        return (
            _("Your list was written by a newer version of Partner Tokens."),
            _("Update this copy. Until then it changes nothing."),
        )
