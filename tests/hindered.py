"""A store that can be read and not written, also for root."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from torture.disk import NAMESPACE

MOUNT = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


@contextmanager
def hindered(store: Path) -> Iterator[None]:
    """A link lies where SQLite's shared memory belongs. No program may have the store open."""
    in_the_way = Path(f"{store}-shm")
    in_the_way.symlink_to(store.with_name("nowhere") / "else")
    yield
    in_the_way.unlink(missing_ok=True)


def on_a_read_only_disk(folder: Path) -> list[str]:
    """Under this command a program finds the folder mounted read-only; see `can_mount`."""
    return [*NAMESPACE, "sh", "-c", MOUNT, str(folder)]


def make_writable(folder: Path, process: int) -> None:
    """For the program that was started so, the disk can be written from now on."""
    inside = ["nsenter", "--user", "--preserve-credentials", "--mount", "--target", str(process)]
    subprocess.run([*inside, "mount", "-o", "remount,bind,rw", str(folder)], check=True)
