"""Streams: what is said on which, and secrets that are read without showing them."""

import getpass
import os
import sys
from pathlib import Path

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret

LONGEST_INPUT = 10_000
"""Characters read of anything secret; all of them are shorter."""


class UsageError(AppError):
    """The command cannot be carried out as it was given."""

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title = title
        self._hint = hint

    def _words(self) -> tuple[str, str]:
        return self._title, self._hint


def prepare_streams() -> None:
    """UTF-8 into pipes and files on every platform; no character a terminal lacks is an error."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        encoding = None if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="backslashreplace")  # type: ignore[union-attr]
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]


def say(text: str) -> None:
    """A line of the result, on standard output."""
    sys.stdout.write(f"{text}\n")


def flush() -> None:
    """Lets go of the result; raises BrokenPipeError where nobody reads it."""
    sys.stdout.flush()


def complain(text: str) -> None:
    """A line beside the result, on standard error."""
    sys.stderr.write(f"{text}\n")


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
    """What is piped in; asked for where standard input is a terminal."""
    if sys.stdin.isatty():
        return ask(prompt)
    return Secret(sys.stdin.read(LONGEST_INPUT))


def line_from(descriptor: int) -> Secret:
    """One line, and not a byte more: the rest may be for somebody else. Raises UsageError."""
    line = bytearray()
    try:
        while len(line) < LONGEST_INPUT and (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
            line += byte
    except OSError:
        raise UsageError(
            _("File descriptor {number} cannot be read.").format(number=descriptor),
            _("Open it for the program, as in: --passphrase-fd 3 3<file"),
        ) from None
    return Secret(line.decode("utf-8", "surrogateescape").removesuffix("\r"))
