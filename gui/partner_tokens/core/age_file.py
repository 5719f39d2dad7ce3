"""A text sealed under a passphrase as an age file: recognised, sealed, and opened again.

The format is age-encryption.org/v1: the work of stretching the passphrase is written in the file,
as log2 of scrypt's N, and so can be looked at before any of it is done.
"""

import re
import subprocess
import sys
from base64 import b64decode
from binascii import Error
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import assert_never

from partner_tokens.core.errors.files import Unimportable, Unusable, WrongFilePassphrase
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.secret import Secret

SUFFIX = ".age"
BEGINS = b"age-encryption.org/v1\n"
ARMOUR_BEGINS = "-----BEGIN AGE ENCRYPTED FILE-----"
ARMOUR_ENDS = "-----END AGE ENCRYPTED FILE-----"
SCRYPT = re.compile(rb"-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]{0,2})\n")
SHORTEST_PASSPHRASE = 8
"""As that of a store."""

LEAST_WORK = 18
"""What the command `age` takes: half a second here. Less than that is tried anew."""
MOST_WORK = 22
"""What the command `age` still opens, and so do we: 4 GB of memory, 15 seconds here."""
ATTEMPTS = 3
"""pyrage finds the work that takes a second by one short measurement, which a busy machine spoils;
a slow machine is believed after so many."""
PATIENCE = 120
"""Seconds after which an errand is given up."""

PROCESS = "partner_tokens.core.age_process"
LENGTH_BYTES = 4


class Verb(bytes, Enum):
    """What the other process is to do; the first byte of what it reads."""

    SEAL = b"s"
    OPEN = b"o"


class Outcome(bytes, Enum):
    """What became of it; the first byte of what it writes."""

    DONE = b"+"
    WRONG_PASSPHRASE = b"w"
    TOO_COSTLY = b"c"
    BROKEN = b"b"


@dataclass(frozen=True, slots=True)
class SealedFile:
    """An age file that a passphrase opens; `name` is the file's, empty where it was pasted."""

    name: str
    content: bytes = field(repr=False)

    @property
    def inner_name(self) -> str:
        """What the file inside is called."""
        return self.name.removesuffix(SUFFIX)

    def opened(self, passphrase: Secret) -> bytes:
        """What is inside; takes about a second. Raises WrongFilePassphrase and Unimportable."""
        outcome, content = _errand(Verb.OPEN, passphrase, self.content)
        match outcome:
            case Outcome.DONE:
                return content
            case Outcome.WRONG_PASSPHRASE:
                raise WrongFilePassphrase(self.name)
            case Outcome.BROKEN:
                raise Unimportable(Unusable.SEAL_BROKEN, self.name)
            case Outcome.TOO_COSTLY:
                raise Unimportable(Unusable.TOO_COSTLY, self.name)
        assert_never(outcome)


def is_age(content: bytes) -> bool:
    """Whether it begins as an age file that is not armoured."""
    return content.startswith(BEGINS)


def is_armoured(text: str) -> bool:
    """Whether it begins as an age file in letters, as it goes through mails and chats."""
    return text.lstrip("\ufeff \t\r\n").startswith(ARMOUR_BEGINS)


def sealed_file(content: bytes, name: str) -> SealedFile:
    """The age file in these bytes. Raises Unimportable where no passphrase can open it."""
    heading = content.removeprefix(BEGINS)
    stanza = SCRYPT.match(heading)
    if stanza is None:
        for_key = heading.startswith(b"-> ") and not heading.startswith(b"-> scrypt ")
        raise Unimportable(Unusable.SEALED_FOR_KEY if for_key else Unusable.SEAL_BROKEN, name)
    if int(stanza[1]) > MOST_WORK:
        raise Unimportable(Unusable.TOO_COSTLY, name)
    return SealedFile(name, content)


def sealed_text(text: str, name: str) -> SealedFile:
    """The age file in this armoured text. Raises Unimportable."""
    lines = [line.strip() for line in text.strip("\ufeff \t\r\n").splitlines()]
    try:
        if len(lines) < 2 or (lines[0], lines[-1]) != (ARMOUR_BEGINS, ARMOUR_ENDS):
            raise ValueError("no armour")
        content = b64decode("".join(lines[1:-1]), validate=True)
    except (Error, ValueError):
        raise Unimportable(Unusable.SEAL_BROKEN, name) from None
    return sealed_file(content, name)


def sealed(content: bytes, passphrase: Secret) -> bytes:
    """An age file that this passphrase opens; takes a second or some. Raises InputError."""
    if len(passphrase.reveal()) < SHORTEST_PASSPHRASE:
        raise InputError(Problem.PASSPHRASE_SHORT)
    best, most = b"", 0
    for _attempt in range(ATTEMPTS):
        outcome, made = _errand(Verb.SEAL, passphrase, content)
        stanza = SCRYPT.match(made.removeprefix(BEGINS))
        if outcome is not Outcome.DONE or stanza is None:
            raise RuntimeError("age did not seal")
        if int(stanza[1]) > most:
            best, most = made, int(stanza[1])
        if most >= LEAST_WORK:
            break
    return best


def _errand(verb: Verb, passphrase: Secret, content: bytes) -> tuple[Outcome, bytes]:
    """What `age_process` answers. A process that found no memory, or no end, was asked too much.

    Passphrase and content go through pipes only. It cannot write its memory to a file either: that
    bound is inherited.
    """
    try:
        words = passphrase.reveal().encode()
    except UnicodeEncodeError:
        raise InputError(Problem.NOT_TEXT) from None
    try:
        done = subprocess.run(
            _command(),
            input=b"".join((verb, len(words).to_bytes(LENGTH_BYTES, "big"), words, content)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        return Outcome.TOO_COSTLY, b""
    if done.returncode == 1:
        raise RuntimeError("age's process met a bug")
    if done.returncode:
        return Outcome.TOO_COSTLY, b""
    return Outcome(done.stdout[:1]), done.stdout[1:]


def _command() -> list[str]:
    """A Python that imports what this one would, whatever its environment says.

    A frozen program has none: there the command with a console does it, asked by this one word.
    """
    if getattr(sys, "frozen", False):
        beside = Path(sys.executable)
        return [str(beside.with_name(f"partner-tokens-cli{beside.suffix}")), PROCESS]
    program = f"import sys; sys.path[:] = {sys.path!r}; from {PROCESS} import main; main()"
    return [sys.executable, "-I", "-c", program]
