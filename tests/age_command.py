"""Debian's own `age`, which asks for its passphrases on the terminal."""

import os
from pathlib import Path

from screen import Screen

ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def opened_by_age(file: Path, passphrase: str) -> bytes:
    """What `age --decrypt` finds in the file."""
    plain = file.with_name("opened-by-age")
    screen = Screen(["age", "--decrypt", "--output", str(plain), str(file)], ENVIRONMENT)
    screen.type(passphrase, after="passphrase")
    assert screen.end() == 0, screen.shown
    return plain.read_bytes()


def sealed_by_age(content: bytes, passphrase: str, file: Path, *options: str) -> Path:
    """The file, made by `age --passphrase`."""
    plain = file.with_name("to-be-sealed")
    plain.write_bytes(content)
    command = ["age", "--passphrase", *options, "--output", str(file), str(plain)]
    screen = Screen(command, ENVIRONMENT)
    screen.type(passphrase, after="Enter passphrase")
    screen.type(passphrase, after="Confirm passphrase")
    assert screen.end() == 0, screen.shown
    plain.unlink()
    return file
