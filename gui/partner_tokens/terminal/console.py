"""Streams: what is said on which, and secrets that are read without showing them."""

import getpass
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret

LONGEST_INPUT = 10_000
"""Characters read of anything secret; all of them are shorter."""

STAND_IN = "\N{REPLACEMENT CHARACTER}"
COMMANDS = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Characters that move the cursor, colour, hide or turn around what a terminal shows."""
JOINERS = "\u200c\u200d"
"""But these: Persian and Indic names and some emoji are spelt with them."""


class UsageError(AppError):
    """The command cannot be carried out as it was given."""

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title = title
        self._hint = hint

    def _words(self) -> tuple[str, str]:
        return self._title, self._hint


class OutputFailed(AppError):
    """The result cannot be written: a disk is full, say."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The output could not be written."),
            _("Check that its disk is not full, then try again."),
        )


def prepare_streams() -> None:
    """UTF-8 into pipes and files on every platform; no character a terminal lacks is an error."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        encoding = None if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="backslashreplace")  # type: ignore[union-attr]
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="strict")  # type: ignore[union-attr]


def visible(text: str) -> str:
    """The text in one line, fit for a terminal: names may come from anyone's file.

    Whatever would command the terminal or change the order of reading is seen as what it is not: a
    character.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        STAND_IN if unicodedata.category(c) in COMMANDS and c not in JOINERS else c for c in text
    )


def say(text: str = "") -> None:
    """A line of the result, on standard output. Raises OutputFailed."""
    hand_out(visible(text))


def hand_out(text: str) -> None:
    """As `say`, to the letter: for headers and JSON, which other programs read."""
    with _writing():
        sys.stdout.write(f"{text}\n")


def hand_out_bytes(content: bytes) -> None:
    """As `hand_out`, where the ends of the lines belong to the result."""
    with _writing():
        sys.stdout.buffer.write(content)


def flush() -> None:
    """Lets go of the result. Raises BrokenPipeError where nobody reads it, and OutputFailed."""
    with _writing():
        sys.stdout.flush()


def drop_the_rest(stream: TextIO) -> None:
    """What is left to be written must not fail once more at the very end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_the_rest(sys.stdout)
        raise OutputFailed(error.strerror or "") from None


def complain(text: str) -> None:
    """A line beside the result, on standard error; a full disk does not change how a run ends."""
    try:
        sys.stderr.write(f"{visible(text)}\n")
    except OSError:
        drop_the_rest(sys.stderr)


def complain_of(error: AppError) -> None:
    """What went wrong, the next step, and what support would ask for."""
    complain(str(error))
    request_id = getattr(error, "request_id", "")
    facts = [error.details] if error.details else []
    if request_id:
        facts.append(_("request {id}").format(id=request_id))
    if facts:
        complain(f"({', '.join(facts)})")


def has_terminal() -> bool:
    """Whether there is somebody to ask, also where the streams lead elsewhere."""
    if os.name == "nt":
        return sys.stdin.isatty()
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def ask(prompt: str) -> Secret:
    """Asks on the terminal, without showing what is typed."""
    try:
        return Secret(getpass.getpass(f"{prompt} "))
    except EOFError:
        raise KeyboardInterrupt from None


def from_standard_input(prompt: str) -> Secret:
    """What is piped in; asked for where standard input is a terminal. Raises InputError."""
    if sys.stdin.isatty():
        return ask(prompt)
    try:
        return Secret(sys.stdin.read(LONGEST_INPUT))
    except UnicodeDecodeError:
        raise InputError(Problem.NOT_TEXT) from None


def line_from(descriptor: int) -> Secret:
    """One line, and not a byte more: the rest may be for somebody else. Raises UsageError."""
    line = bytearray()
    try:
        while len(line) < LONGEST_INPUT and (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
            line += byte
    except (OSError, OverflowError):
        raise UsageError(
            _("File descriptor {number} cannot be read.").format(number=descriptor),
            _("Open it for the program, as in: --passphrase-fd 3 3<file"),
        ) from None
    return Secret(line.decode("utf-8", "surrogateescape").removesuffix("\r"))
