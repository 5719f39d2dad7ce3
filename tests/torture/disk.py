"""What the disk may do to the store: what is said of it, and whether anything is lost."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from partner_tokens.core.errors import AppError
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from torture.deeds import ENDPOINT, secret_text
from torture.table import Line

ROOT = Path(__file__).parents[2]
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
ADDED_BY_EACH = 100

ADDS = """
import sys
from pathlib import Path
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from torture.disk import Holder
holder = Holder(Path(sys.argv[1]))
holder.backend.entries.update({tuple(sys.argv[3:5]): sys.argv[5]})
with holder.open() as parts:
    parts.vault.unlock()
    for number in range(int(sys.argv[2])):
        holder.add(parts, f"{sys.argv[6]}x{number}")
"""


def can_mount() -> bool:
    """Whether this system lets us have a disk of our own."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode == 0


def on_a_small_disk(folder: Path) -> tuple[dict[str, str], list[str]]:
    """What is said of each deed on a full disk and on one that may only be read; what is lost."""
    folder.mkdir()
    places = os.pathsep.join(str(ROOT / name) for name in ("gui", "tests"))
    done = subprocess.run(
        [*NAMESPACE, sys.executable, "-m", "torture.small_disk", str(folder)],
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    return told["said"], told["lost"]


class Holder:
    """A store under a folder, its key in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "tokens.sqlite3"
        self.backend = MemoryBackend()

    def open(self) -> "closing[Parts]":
        """A program that has just been started."""
        return closing(Parts(profile_under(self.folder), open_backend=lambda: self.backend))

    def fill(self, count: int) -> None:
        """A store with so many tokens, and a copy of it."""
        with self.open() as parts:
            parts.vault.begin_with_keyring()
            for number in range(count):
                self.add(parts, f"t{number}")
            parts.database.back_up("daily")

    def add(self, parts: Parts, name: str) -> None:
        """Stores a token as the dialog does."""
        secret = Secret(secret_text(name, 1))
        parts.registry.add(Draft("Contoso", name, ENDPOINT, secret), None)

    def held(self, parts: Parts) -> int:
        """How many tokens open to their own secret."""
        parts.vault.unlock()
        count = 0
        for token in parts.store.tokens():
            secret = parts.vault.open(
                parts.store.sealed(token.id), token_id=token.id, endpoint=token.endpoint
            )
            count += secret.reveal() == secret_text(token.name, 1)
        return count


def damaged_page(holder: Holder) -> None:
    """Overwrites the middle of the file."""
    size = holder.path.stat().st_size
    with holder.path.open("r+b") as file:
        for at in range(4096, size, 8192):
            file.seek(at)
            file.write(b"\xa5" * 512)


def truncated(holder: Holder) -> None:
    """Cuts the file in half."""
    os.truncate(holder.path, holder.path.stat().st_size // 2 // 512 * 512)


def emptied(holder: Holder) -> None:
    """Leaves a file without content, as some systems do after a crash."""
    os.truncate(holder.path, 0)


def overwritten(holder: Holder) -> None:
    """Puts something else in its place."""
    holder.path.write_bytes(b"not a database at all" * 500)


def newer(holder: Holder) -> None:
    """As a later version of the program leaves it."""
    with closing(sqlite3.connect(holder.path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def removed(holder: Holder) -> None:
    """Takes the file away, not the copies."""
    holder.path.unlink()


MENDED: dict[str, Callable[[Holder], None]] = {
    "a damaged page": damaged_page,
    "a truncated file": truncated,
    "an emptied file": emptied,
    "something else in its place": overwritten,
    "the file is gone": removed,
}


def met(folder: Path, harm: Callable[[Holder], None]) -> tuple[str, int, int]:
    """What is said of it, how many tokens there were, and how many open after mending."""
    holder = Holder(folder)
    holder.fill(20)
    harm(holder)
    said = ""
    with holder.open() as parts:
        try:
            parts.store.tokens()
            parts.database.check()
        except AppError as error:
            said = error.title
            if harm is not newer:
                parts.database.mend()
    if harm is newer:
        with closing(sqlite3.connect(holder.path)) as connection:
            kept = connection.execute("SELECT count(*) FROM tokens").fetchone()[0]
        return said, 20, int(kept)
    with holder.open() as parts:
        return said, 20, holder.held(parts)


def vanished(folder: Path) -> tuple[str, int]:
    """The folder goes while the program runs: what is said of the next deed, and what is left.

    The folder comes back, as that of a network drive does.
    """
    holder = Holder(folder)
    holder.fill(20)
    away = folder.with_name("away")
    said = "done"
    with holder.open() as parts:
        parts.vault.unlock()
        folder.rename(away)
        try:
            holder.add(parts, "later")
        except AppError as error:
            said = error.title
    shutil.rmtree(folder, ignore_errors=True)
    away.rename(folder)
    with holder.open() as parts:
        return said, holder.held(parts)


def two_at_once(folder: Path) -> int:
    """Two programs add tokens at the same time; how many of all open afterwards."""
    holder = Holder(folder)
    holder.fill(1)
    ((service, user), text) = next(iter(holder.backend.entries.items()))
    places = os.pathsep.join(str(ROOT / name) for name in ("gui", "tests"))
    running = [
        subprocess.Popen(
            [sys.executable, "-c", ADDS, str(folder), str(ADDED_BY_EACH), service, user, text, who],
            env={**os.environ, "PYTHONPATH": places},
        )
        for who in "ab"
    ]
    assert [process.wait(120) for process in running] == [0, 0]
    with holder.open() as parts:
        return holder.held(parts)


def torture(folder: Path, seed: int) -> list[Line]:
    """The lines of the table."""
    lines = []
    if can_mount():
        said, gone = on_a_small_disk(folder / "small")
        for kind in ("0 KB left", "4 KB left", "40 KB left", "read-only"):
            words = sorted({words for what, words in said.items() if what.startswith(kind)})
            lines.append(Line(f"disk: {kind}, every deed", "; ".join(words), "done, or told", True))
        lines.append(
            Line("disk: tokens lost when full or read-only", str(len(gone)), "0", not gone,
                 "; ".join(gone[:3])),
        )  # fmt: skip
    else:
        lines.append(Line("disk: full, read-only", "not tried", "0 lost", False, "no unshare"))
    for number, (name, harm) in enumerate({**MENDED, "a newer version": newer}.items()):
        word, before, after = met(folder / f"harm-{number}", harm)
        found = f"{after} of {before} tokens open"
        lines.append(Line(f"disk: {name}", word, found, bool(word) and before == after))
    word, left = vanished(folder / "vanished")
    is_true = left == 20 and word != "done"
    lines.append(Line("disk: the folder vanishes and returns", word, "told, 20 left", is_true))
    left = two_at_once(folder / "two")
    wish = 1 + 2 * ADDED_BY_EACH
    lines.append(Line("two programs add at once", f"{left} tokens", f"{wish}", left == wish))
    return lines
