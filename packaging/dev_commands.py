"""Picks the command that was asked for, and turns every known failure into one sentence."""

import sys
from collections.abc import Callable

import dev_bench
import dev_bill
import dev_build
import dev_checks
import dev_licences
import dev_lock
import dev_pictures
import dev_run
import dev_torture
import dev_try
import dev_words
from dev_report import SetUpError, say

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": dev_run.run,
    "test": dev_checks.test,
    "bench": dev_bench.bench,
    "torture": dev_torture.torture,
    "bill": dev_bill.bill,
    "licences": dev_licences.licences,
    "build": dev_build.build,
    "pictures": dev_pictures.pictures,
    "try-package": dev_try.try_package,
    "words": dev_words.words,
    "lock": dev_lock.lock_requirements,
}
"""Each takes the arguments after its name, and answers the exit code."""


def main(arguments: list[str], usage: str) -> int:
    """Carry out one command; the answer is the exit code."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command in ("-h", "--help", "help"):
        print(usage)
        return 0
    if command not in COMMANDS:
        print(usage, file=sys.stderr)
        return 2
    try:
        return COMMANDS[command](rest)
    except SetUpError as error:
        say(f"Not done: {error}")
        return 1
    except KeyboardInterrupt:
        say("Stopped. The next run goes on from a sound state.")
        return 130
