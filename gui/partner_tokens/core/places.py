"""Folders and files that are ours alone: what is somebody else's is neither used nor changed."""

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from partner_tokens.core.errors.store import FolderShared, StoreMisplaced

OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def refuse_shared(folder: Path) -> None:
    """Raises FolderShared where others could put files in our way; a new folder is ours (Unix).

    A folder that others may merely read will do: each of our files in it is closed to them.
    """
    if sys.platform == "win32":  # by their access lists, a user's own folders are closed to others
        return
    try:
        owners = {folder.lstat().st_uid, folder.stat().st_uid}
        mode = folder.stat().st_mode
    except OSError:  # not made yet, or told by whoever uses it
        return
    if owners != {os.getuid()} or mode & OTHERS_WRITE:
        raise FolderShared(str(folder))


def claim_file(path: Path) -> None:
    """Makes an empty file for the user alone, or closes the one that is there to others.

    Raises StoreMisplaced for a link, whose target we have no business with; OSError.
    """
    with suppress(FileExistsError):  # never opened if there: that would drop SQLite's own locks
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if not stat.S_ISREG(path.lstat().st_mode):
        raise StoreMisplaced(str(path))
    path.chmod(0o600)
