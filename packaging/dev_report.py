"""How dev.py speaks: short plain lines, and failures that name the next step."""

import sys


class SetUpError(Exception):
    """A failure that is known: its text is one sentence and the next step, fit to show as it is."""


def say(line: str) -> None:
    """Print one line on standard error, which leaves standard output to the program itself."""
    print(line, file=sys.stderr, flush=True)
