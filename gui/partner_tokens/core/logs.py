"""The log file: small, private, and without secrets."""

import logging
import os
import time
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from partner_tokens.core.faults import describe
from partner_tokens.core.redaction import redact

LOGGER = logging.getLogger("partner_tokens")
"""The only logger that reaches the file: libraries write down addresses and more."""

LARGEST = 256 * 1024
"""Bytes after which a new file is begun; one older file is kept."""


def start_log(path: Path) -> logging.Handler:
    """Writes what is logged to `path` from now on; the file is made with the first line.

    A log that cannot be written is done without.
    """
    handler = _PrivateFile(path, maxBytes=LARGEST, backupCount=1, encoding="utf-8", delay=True)
    formatter = _Redacting(
        "%(asctime)s %(levelname)s %(threadName)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ"
    )
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    return handler


def log_bug(error: BaseException) -> None:
    """Writes down an exception that nobody expected, with the way it came, without values."""
    LOGGER.error("unexpected %s", describe(error)[1])


class _Redacting(logging.Formatter):
    """Works on the finished text; of an exception it takes types and places only."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def formatException(self, ei: Any) -> str:
        return describe(ei[1])[1]


class _PrivateFile(RotatingFileHandler):
    """For the user alone."""

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        stream = open(  # noqa: SIM115  # the handler closes it
            path, "a", encoding="utf-8", errors="backslashreplace", opener=_private
        )
        path.chmod(0o600)
        return stream

    def handleError(self, record: logging.LogRecord) -> None:
        """The disk is full, or another program has the file: no reason to trouble anyone."""


def _private(path: str, flags: int) -> int:
    # Where a link lies in the log's place, its target is not ours to write to, or to close.
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
