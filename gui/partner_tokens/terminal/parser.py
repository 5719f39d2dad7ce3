"""The reader of the command line: it echoes nothing that commands a terminal, and knows spans."""

import argparse
import re
from datetime import timedelta
from typing import NoReturn

from partner_tokens.core.language import _
from partner_tokens.terminal.console import flush, visible


class Parser(argparse.ArgumentParser):
    """Repeats what was typed, but commands no terminal with it."""

    def error(self, message: str) -> NoReturn:
        super().error(visible(message))

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        flush()  # help that cannot be written is told as any result that cannot
        super().exit(status, message)


def span(text: str) -> timedelta:
    """A span of time as it is typed: 90s, 10m, 1h, 14d. Raises ArgumentTypeError."""
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if found is None:
        raise argparse.ArgumentTypeError(_("not a span of time: write 90s, 10m, 1h or 14d"))
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[found[2]]
    return timedelta(**{unit: int(found[1])})
