"""Remembers the day of the last digest: one a day for all windows of a profile."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

PREFIX = "reminded-"


class DigestDays:
    """An empty file in the folder, named after the day: whoever makes it may tell.

    Making a file that must not exist yet is one step on every platform, so two windows cannot both
    succeed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last(self, today: date) -> date | None:
        """The day of the last digest; None before the first.

        A later day than `today` was written while the clock was wrong, and does not count.
        """
        return max((day for day in self._days() if day <= today), default=None)

    def claim(self, today: date) -> bool:
        """Whether this is the first to tell today.

        Also not where it cannot be written down: better none than one at each look.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file(today).touch(mode=0o600, exist_ok=False)
        except OSError:
            return False
        for day in self._days():
            if day != today:
                with suppress(OSError):
                    self._file(day).unlink(missing_ok=True)
        return True

    def _file(self, day: date) -> Path:
        return self._folder / f"{PREFIX}{day.isoformat()}"

    def _days(self) -> Iterable[date]:
        try:
            names = [path.name for path in self._folder.glob(f"{PREFIX}*")]
        except OSError:
            return
        for name in names:
            with suppress(ValueError):
                yield date.fromisoformat(name.removeprefix(PREFIX))
