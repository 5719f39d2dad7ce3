"""Deeds on a disk that is full, or may only be read; told as JSON. Run inside a mount namespace.

`unshare --user --map-root-user --mount python -m torture.small_disk FOLDER`: the disk is mounted
there, of a size of our own, and nobody outside sees it.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from partner_tokens.core.errors import AppError
from partner_tokens.core.importing import read_content
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from torture.deeds import ENDPOINT, bring_in, secret_text
from torture.kill import as_first_version

SIZE = "1500k"
TOKENS = 20


class SmallDisk:
    """A disk of its own, a store on it, and something else that takes the room."""

    def __init__(self, folder: Path) -> None:
        self.disk = folder
        self._mount("tmpfs", "-t", "tmpfs", "-o", f"size={SIZE}")
        self.profile = folder / "profile"
        self.ballast = folder / "ballast"
        self.backend = MemoryBackend()
        self.report: dict[str, str] = {}
        with self.program() as parts:
            parts.vault.begin_with_keyring()
            for number in range(TOKENS):
                self.add(parts, number)
            parts.database.back_up("daily")

    def _mount(self, *arguments: str) -> None:
        subprocess.run(["mount", *arguments, str(self.disk)], check=True)

    def program(self) -> "Running":
        """A program just started on the store."""
        return Running(Parts(profile_under(self.profile), open_backend=lambda: self.backend))

    def add(self, parts: Parts, number: int) -> None:
        """Stores a token as the dialog does."""
        secret = Secret(secret_text(f"t{number}", number))
        parts.registry.add(Draft("Contoso", f"t{number}", ENDPOINT, secret), None)

    def fill(self, leave: int) -> None:
        """Takes all the room but so many bytes."""
        with self.ballast.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        size = self.ballast.stat().st_size - leave
        with self.ballast.open("r+b") as file:
            file.truncate(max(size, 0))

    def free(self) -> None:
        """Gives the room back."""
        self.ballast.unlink(missing_ok=True)

    def read_only(self, *, on: bool) -> None:
        """Whether the disk may only be read."""
        self._mount("-o", f"remount,{'ro' if on else 'rw'}", "tmpfs")

    def held(self) -> dict[str, str]:
        """What a program that has just been started reads: name and secret."""
        with self.program() as parts:
            parts.vault.unlock()
            return {
                token.name: parts.vault.open(
                    parts.store.sealed(token.id),
                    token_id=token.id,
                    endpoint=token.endpoint,
                    kind=token.kind,
                ).reveal()
                for token in parts.store.tokens()
            }

    def meet(self, what: str, deed: Callable[[Parts], object]) -> None:
        """Does a deed now, and notes what was said of it."""
        try:
            with self.program() as parts:
                parts.vault.unlock()
                deed(parts)
        except AppError as error:
            self.report[what] = error.title
        else:
            self.report[what] = "done"

    def mend(self, what: str) -> None:
        """Mends the store, and notes what was said of it."""
        try:
            with self.program() as parts:
                parts.database.mend()
        except AppError as error:
            self.report[what] = error.title
        else:
            self.report[what] = "done"


class Running:
    """Parts that are closed at the end."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def __enter__(self) -> Parts:
        return self._parts

    def __exit__(self, *exception: object) -> None:
        self._parts.close()


def deeds(disk: SmallDisk) -> dict[str, Callable[[Parts], object]]:
    """All that writes."""

    def replace(parts: Parts) -> None:
        row = parts.store.tokens()[0]
        pending = parts.renewal.paste(row, Secret(secret_text(row.name, 77)), Expiry.unknown())
        parts.renewal.swap(pending, row, None, pending.expiry)

    return {
        "add": lambda parts: disk.add(parts, 900),
        "import": lambda parts: bring_in(
            parts, {"names": [f"i{n}" for n in range(200)], "number": 5}
        ),
        "replace": replace,
        "remove": lambda parts: parts.trash.put([parts.store.tokens()[0].id]),
        "empty trash": lambda parts: parts.trash.empty(),
        "rotate": lambda parts: parts.locksmith.rotate(None),
        "copy": lambda parts: parts.database.back_up("daily"),
    }


def lost(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Names whose secret is gone, or is one that was never theirs."""
    return [
        name
        for name, secret in before.items()
        if now.get(name) != secret and not (now.get(name) or "").startswith(f"token-of-{name}-")
    ]


def left_by_a_kill(disk: SmallDisk, killed: Path) -> None:
    """A store whose last token is in the journal only."""
    with disk.program() as parts:
        parts.vault.unlock()
        disk.add(parts, 950)
        shutil.copytree(disk.profile, killed, ignore=shutil.ignore_patterns("*-shm", "backups"))


def why(parts: Parts) -> str:
    """What a program says where it can read the list and change nothing."""
    parts.store.tokens()
    return str(parts.database.only_read)


def harmed_copy(disk: SmallDisk) -> Path:
    """The profile once more, its store cut off."""
    harmed = disk.disk / "harmed"
    shutil.copytree(disk.profile, harmed)
    os.truncate(harmed / "tokens.sqlite3", 8192)
    return harmed


def only_read(disk: SmallDisk) -> list[str]:
    """Everything on a disk that may only be read, then with room again; tokens not read there."""
    whole, old, killed = (disk.disk / name for name in (disk.profile.name, "older", "killed"))
    left_by_a_kill(disk, killed)
    as_first_version(whole, old)
    harmed = harmed_copy(disk)
    before = disk.held()
    disk.read_only(on=True)
    gone = []
    for disk.profile in (old, killed, whole):
        gone += [f"only read: {one}" for one in lost(before, disk.held())]
    for name, deed in {"list": lambda parts: parts.store.tokens(), **deeds(disk)}.items():
        disk.meet(f"read-only, {name}", deed)
    disk.profile = harmed
    disk.meet("read-only, harmed", lambda parts: parts.store.tokens())
    disk.mend("read-only, mend")
    disk.profile = whole
    with disk.program() as parts:
        disk.meet("read-only, look", lambda parts: parts.store.changed_elsewhere())
        disk.report["why"] = why(parts)
        disk.profile = disk.disk / "none"
        disk.meet("read-only, first start", lambda parts: parts.store.tokens())
        disk.read_only(on=False)
        disk.profile = whole
        parts.vault.unlock()
        disk.add(parts, 951)  # the same program goes on
    disk.profile = harmed
    disk.mend("writable again, mend")
    disk.profile = whole
    return gone


def main(folder: Path) -> None:
    """Does everything on a full disk, then on one that may only be read, then with room again."""
    read_content(b"a,b", "x.csv")
    disk = SmallDisk(folder)
    gone: list[str] = []
    disk.fill(0)
    with disk.program() as parts:
        disk.report["why full"] = why(parts)
    disk.free()
    for leave in (0, 4096, 40_960):
        for name, deed in deeds(disk).items():
            before = disk.held()
            disk.fill(leave)
            gone += [f"{leave} while full: {one}" for one in lost(before, disk.held())]
            disk.meet(f"{leave // 1024} KB left, {name}", deed)
            disk.free()
            now = disk.held()
            away = 1 if name in {"remove", "replace"} else 0
            gone += [f"{leave} {name}: {one}" for one in lost(before, now)[away:]]
    as_first_version(disk.profile, disk.disk / "old")
    disk.fill(0)
    disk.profile, whole = disk.disk / "old", disk.profile
    disk.meet("0 KB left, migrate", lambda parts: parts.store.tokens())
    disk.free()
    migrated, disk.profile = disk.held(), whole
    before = disk.held()
    gone += [f"migrate: {one}" for one in lost(before, migrated)]
    gone += only_read(disk)
    gone += [f"read-only: {one}" for one in lost(before, disk.held())]
    print(json.dumps({"said": disk.report, "lost": gone}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
