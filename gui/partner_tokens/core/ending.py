"""The end of a process, which waits for nothing that hangs."""

import atexit
import os
import sys
from contextlib import suppress
from typing import NoReturn


def end_process(code: int) -> NoReturn:
    """Does what is registered for the end, then ends the process at once with this exit code.

    Python would also wait for the threads of libraries, and take the interpreter down under those
    that still hang in a keyring or in the search for a name: when they come home then, the process
    crashes. It takes some 20 ms besides.
    """
    atexit._run_exitfuncs()  # noqa: SLF001  # the log is closed, folders for a while are removed
    for stream in (sys.stdout, sys.stderr):  # None in a program without a console
        if stream is not None:
            with suppress(OSError, ValueError):  # nobody reads it any more
                stream.flush()
    os._exit(code)
