"""Keeps Qt's D-Bus thread from waiting for Python while Python waits for it (Linux)."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QLoggingCategory

SILENT = "default=false\nqt.dbus.*=false"
"""Warnings without a category, as most of that thread's are, and those with one."""


@contextmanager
def bus_silence() -> Iterator[None]:
    """To be held while a bus is reached or asked, on the GUI thread.

    Qt connects on a thread of its own. Who waits for that, or for a lock of that thread's, does so
    inside the binding, which lets no other thread run Python meanwhile: a warning of that thread
    would wait for our message handler, and both for good. Taking the handler away is no way: a
    thread that was already on its way to it would find none. So nothing is said at all.
    """
    QLoggingCategory.setFilterRules(SILENT)
    try:
        yield
    finally:
        QLoggingCategory.setFilterRules("")
