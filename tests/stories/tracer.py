"""Has the system itself say what a program writes to any file, and with what it starts others."""

import re
from codecs import escape_decode
from pathlib import Path

from patience import wait_for
from stories.traces import Places

CALLS = "execve,write,pwrite64,writev,pwritev,pwritev2"
WRITTEN_TO = re.compile(rb"^\d+ +p?writev?(?:64|2)?\(\d+<(/[^>]*)>")
STARTED = re.compile(rb"^\d+ +execve\(")
TEXT = re.compile(rb'"((?:[^"\\]|\\.)*)"')


def tracing(record: Path, *, beside: bool = False) -> tuple[str, ...]:
    """What is put in front of a command: this file will tell of it, its threads and children.

    With `beside` the process that is started is the command itself, and not its tracer.
    """
    options = ("-f", *["-D"] * beside, "-q", "-y", "-v", "-x", "-s", "9999999", "--seccomp-bpf")
    return ("strace", *options, "-e", f"trace={CALLS}", "-o", str(record), "--")


def await_end(record: Path, process_id: int) -> None:
    """Waits until the end of a process stands in the record: a tracer beside it may be late."""
    end = re.compile(rf"^{process_id} +\+\+\+ ".encode(), re.MULTILINE)
    wait_for(lambda: end.search(record.read_bytes()), "the end is on record")


def recorded(record: Path) -> Places:
    """What was written to each file, gone ones too, and the words and variables of each start.

    What goes through pipes and sockets reaches no disk, and is left out.
    """
    found: dict[str, bytes] = {}
    for number, line in enumerate(record.read_bytes().splitlines()):
        if STARTED.match(line):
            found[f"start {number}"] = b"\n".join(map(_plain, TEXT.findall(line)))
        elif written := WRITTEN_TO.match(line):
            place = f"written to {written[1].decode(errors='replace')}"
            text = b"".join(map(_plain, TEXT.findall(line)))
            found[place] = found.get(place, b"") + text
    return found


def _plain(text: bytes) -> bytes:
    return escape_decode(text)[0]
