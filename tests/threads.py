"""A system that starts no more threads, as one that is full."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

TOO_MUCH = 2**46
"""Bytes of a stack that no system has room for."""


@contextmanager
def no_threads() -> Iterator[None]:
    """Each thread that is started meanwhile asks for more than there is, so that it is refused."""
    before = threading.stack_size(TOO_MUCH)
    try:
        yield
    finally:
        threading.stack_size(before)
